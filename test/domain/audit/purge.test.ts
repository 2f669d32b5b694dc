import { describe, expect, it } from 'vitest';
import { type Expired, purge, type Removed } from '../../../domain/audit/purge.ts';
import { purgeDaily } from '../../../domain/audit/sweep-purge.ts';
import { day, now, settings } from '../build.ts';
import { memoryPorts } from '../memory-ports.ts';

const given = settings({ retention: { historyDays: 10, runsDays: 20, inboxDays: 30, resolvedFindingsDays: 40 } });

describe('A purge', () => {
  it('removes of each kind what is older than settings say', async () => {
    const ports = memoryPorts([]);
    await purge(ports, given, now);

    expect(ports.drift.purged).toEqual([
      ['history', now - 10 * day],
      ['runs', now - 20 * day],
      ['inbox', now - 30 * day],
      ['closedFindings', now - 40 * day],
    ]);
  });

  it('forgets no finding while its alerts count as told, for one that came back would begin with the same ids', async () => {
    const ports = memoryPorts([]);
    const { retention } = given;
    await purge(ports, { ...given, retention: { ...retention, resolvedFindingsDays: 5 } }, now);

    expect(ports.drift.purged).toContainEqual(['closedFindings', now - 31 * day]);
  });
});

describe('A sweep', () => {
  it('purges once a day', async () => {
    const ports = memoryPorts([]);
    await purgeDaily(given, ports);
    await purgeDaily(given, ports);
    expect(ports.drift.purged).toHaveLength(4);

    ports.world.now += day;
    await purgeDaily(given, ports);
    expect(ports.drift.purged).toHaveLength(8);
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
      closedFindings: nothing,
    };
    const ports = { ...memoryPorts([]), expired };

    expect(await purgeDaily(given, ports)).toEqual(['Retention: removed 2000 rows of history, and there are more']);
    expect(await purgeDaily(given, ports)).toEqual(['Retention: removed 5 rows of history']);
    expect(await purgeDaily(given, ports)).toEqual([]);
  });
});
