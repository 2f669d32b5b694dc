import { describe, expect, it } from 'vitest';
import { type Expired, purge, type Removed } from '../../../domain/audit/purge.ts';
import { purgeDaily } from '../../../domain/audit/sweep-purge.ts';
import { planAudit } from '../../../domain/audit/plan-audit.ts';
import { collected } from '../../../domain/model/collection.ts';
import { day, gap, now, settings } from '../build.ts';
import { memoryPorts } from '../memory-ports.ts';

const given = settings({ retention: { historyDays: 10, runsDays: 20, inboxDays: 30, resolvedFindingsDays: 40 } });

describe('A purge', () => {
  it('removes of each kind what is older than settings say', async () => {
    const ports = memoryPorts([]);
    await purge(ports, given);

    expect(ports.drift.purged).toEqual([
      ['history', now - 10 * day],
      ['runs', now - 20 * day],
      ['marks', now - 30 * day],
      ['inbox', now - 30 * day],
      ['jobs', now - 10 * day],
      ['tasks', now - 40 * day],
      ['closedFindings', now - 40 * day],
    ]);
  });

  it('forgets no finding while its alerts count as told, for one that came back would begin with the same ids', async () => {
    const ports = memoryPorts([]);
    const { retention } = given;
    await purge(ports, { ...given, retention: { ...retention, resolvedFindingsDays: 5 } });

    expect(ports.drift.purged).toContainEqual(['closedFindings', now - 31 * day]);
  });
});

describe('A finding that comes back after it was forgotten begins with the same numbers, so a purge', () => {
  it.each(['inbox', 'jobs'] as const)('forgets none while something is left over of the %s', async (kind) => {
    const ports = memoryPorts([]);
    const expired = { ...ports.drift.expired, [kind]: () => Promise.resolve({ rows: 2000, more: true }) };

    expect((await purge({ ...ports, expired }, given)).closedFindings).toEqual({ rows: 0, more: true });
    expect(ports.drift.purged.map(([purged]) => purged)).not.toContain('closedFindings');
  });
});

describe('What is kept of accounts', () => {
  it('is purged by the days of runs, once a run has listed all accounts there are', async () => {
    const ports = memoryPorts([]);
    await planAudit('run-1', given, ports);
    await purge(ports, given);

    expect(ports.drift.purged).toContainEqual(['accounts', now - 20 * day]);
  });

  it.each([
    ['whose ledger has a gap for the whole tenant', 'tenant', [{ reason: 'forbidden', needs: 'Reader' }]],
    ['whose ledger is not written yet', null, []],
  ] as const)('stays after a run %s', async (_, place, gaps) => {
    const ports = memoryPorts([]);
    const one = { collection: 'storage-accounts', rows: 0, pages: 1, readAt: null } as const;
    const ledger = place === null ? [] : [{ ...one, place, gaps }];
    const runs = { ...ports.store.runs, coverage: () => Promise.resolve(ledger) };
    await planAudit('run-1', given, ports);
    await purge({ ...ports, runs }, given);

    expect(ports.drift.purged.map(([purged]) => purged)).not.toContain('accounts');
  });

  it('stays while nobody knows all accounts', async () => {
    const ports = memoryPorts([]);
    await planAudit('run-1', given, ports);
    const collections = { storageAccounts: () => Promise.resolve(collected<never>([], [gap('storage-accounts')])) };
    await purge({ ...ports, collections }, given);

    expect(ports.drift.purged.map(([purged]) => purged)).not.toContain('accounts');
  });
});

describe('A sweep', () => {
  it('purges once a day', async () => {
    const ports = memoryPorts([]);
    await purgeDaily(given, ports);
    await purgeDaily(given, ports);
    expect(ports.drift.purged).toHaveLength(7);

    ports.world.now += day;
    await purgeDaily(given, ports);
    expect(ports.drift.purged).toHaveLength(14);
  });

  it('purges again while something is left over, and says what it removed', async () => {
    const left: Removed[] = [
      { rows: 2000, more: true },
      { rows: 5, more: false },
    ];
    const nothing = (): Promise<Removed> => Promise.resolve({ rows: 0, more: false });
    const expired: Expired = {
      history: () => Promise.resolve(left.shift() ?? { rows: 0, more: false }),
      runs: nothing,
      inbox: nothing,
      jobs: nothing,
      tasks: nothing,
      accounts: nothing,
      marks: nothing,
      closedFindings: nothing,
    };
    const ports = { ...memoryPorts([]), expired };

    expect(await purgeDaily(given, ports)).toEqual(['Retention: removed 2000 rows of history, and there are more']);
    expect(await purgeDaily(given, ports)).toEqual(['Retention: removed 5 rows of history']);
    expect(await purgeDaily(given, ports)).toEqual([]);
  });
});
