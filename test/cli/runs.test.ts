import { TableServiceClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collected, itemsOf } from '../../domain/model/collection.ts';
import { type LocalStorage, startLocalStorage } from '../../infra/local/storage/azurite.ts';
import { gap } from '../domain/build.ts';
import { directoryOf } from '../domain/estate.ts';
import { accountIn, type FilledStore, fillStore } from './filled-store.ts';
import { kerbwatch, type Ran } from './recorded-io.ts';

const accounts = [accountIn(2, 'profiles'), accountIn(3, 'homes')];
const names = accounts.map(({ name }) => name);

let storage: LocalStorage;
let filled: FilledStore;
let beforeAnyAudit: readonly Ran[];
let tablesBefore: number;

beforeAll(async () => {
  storage = await startLocalStorage();
  filled = fillStore(storage.connectionString, accounts);
  beforeAnyAudit = [await runs('list'), await runs('show')];
  const service = TableServiceClient.fromConnectionString(storage.connectionString, { allowInsecureConnection: true });
  tablesBefore = (await Array.fromAsync(service.listTables())).length;
  await filled.night('night-1');
  const grants = directoryOf(names, ['homes']).oauth2PermissionGrants;
  filled.world.directory = {
    ...directoryOf(names),
    oauth2PermissionGrants: collected(itemsOf(grants), [gap('oauth2-permission-grants')]),
  };
  await filled.night('night-2');
  const at = filled.world.now;
  const known = { plane: 'storage', changedAtIs: 'known' } as const;
  const times = {
    channel: 'webhook',
    ...known,
    changedAt: at,
    receivedAt: at + 10,
    dueAt: at + 40,
    storedAt: at + 100,
  };
  await filled.store.latencies.record({ ...times, alertId: 'late', handedOverAt: at + 150 });
  const watched = { ...times, plane: 'directory', changedAtIs: 'not-before', changedAt: at - 300_000 } as const;
  await filled.store.latencies.record({ ...watched, alertId: 'watched', handedOverAt: at + 150 });
  await filled.store.latencies.record({ ...times, alertId: 'before', handedOverAt: at - 61_000 });
}, 60_000);

afterAll(() => storage.stop());

function runs(...argv: readonly string[]): Promise<Ran> {
  return kerbwatch(['runs', ...argv], { env: { AzureWebJobsStorage: storage.connectionString } });
}

describe('kerbwatch runs list', () => {
  it('lists runs, newest first, with what they found', async () => {
    const { stdout, code } = await runs('list');
    const [header, ...lines] = stdout.trimEnd().split('\n');

    expect(code).toBe(0);
    expect(header?.split(/\s+/u)).toEqual(
      'id started took accounts fail warn unknown pass opened resolved gaps'.split(' '),
    );
    expect(lines.map((line) => line.replaceAll(/ +/gu, ' '))).toEqual([
      'night-2 2026-11-21T12:02:00Z 0 s 2 of 2 0 0 1 1 1 1 1',
      'night-1 2026-11-21T12:01:00Z 0 s 2 of 2 2 0 0 0 2 0 0',
    ]);
  });

  it('gives JSON, and as many as are asked for', async () => {
    const { stdout } = await runs('list', '--last', '1', '--format', 'json');
    const { runs: listed } = JSON.parse(stdout) as { runs: readonly object[] };

    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({
      id: 'night-2',
      startedAt: '2026-11-21T12:02:00.000Z',
      complete: false,
      tally: { verdicts: { notApplicable: 0, unknown: 1 } },
    });
  });

  it.each(['0', '-1', 'ten', '1001'])('does not take %s for a number of runs', async (count) => {
    expect(await runs('list', '--last', count)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('kerbwatch runs show', () => {
  it('shows the latest run: what could not be read, by which permission, and ends with 3', async () => {
    const { stdout, code } = await runs('show');

    expect(code).toBe(3);
    expect(stdout).toMatch(/^Run night-2, started 2026-11-21T12:02:00Z, took 0 s\.\n2 of 2 accounts/u);
    expect(stdout).toMatch(/^oauth2-permission-grants +tenant +forbidden +Some\.Read\.All$/mu);
    expect(stdout).toMatch(
      /^oauth2-permission-grants +\d+ .* 0 of 1 +tenant \(read whole last 2026-11-21T12:01:00Z\)$/mu,
    );
    expect(stdout).toMatch(/^storage-accounts +2 /mu);
    expect(stdout).toContain('Missed by events: ');
  });

  it('shows how long the alerts since then took, and none of before', async () => {
    const { stdout } = await runs('show', 'latest');
    const [, storage = '', directory = ''] = stdout.split(/^Storage|^Directory/mu);
    expect(stdout).toContain('Alerts handed over until the next run: 2\n');
    // Stored 60 ms after the debounce was over, handed over 50 ms later; the debounce lasted 30 ms, the delivery 10 ms.
    expect(storage).toMatch(/^, from events: 1$/mu);
    expect(storage).toMatch(/^notice to alert, without debounce +110 ms +110 ms +110 ms$/mu);
    expect(storage).toMatch(/^change to alert, with debounce +150 ms +150 ms +150 ms$/mu);
    expect(storage).not.toContain('at most');
    // Nobody knows when it changed: after the look five minutes before.
    expect(directory).toMatch(/^, from the watch: 1$/mu);
    expect(directory).toMatch(/^change to alert, with debounce, at most +300150 ms /mu);
    expect(directory).toMatch(/^notice to alert, without debounce +110 ms /mu);
    expect(directory).toContain('Of 1 nobody knows when the change came');
  });

  it('shows an older run by its id, with 0 where all was read', async () => {
    const { stdout, code } = await runs('show', 'night-1');
    expect(code).toBe(0);
    expect(stdout).toContain('All that the rules need was read.');
    expect(stdout).toContain('2 taken as the baseline');
  });

  it('gives the coverage ledger and the latency of each plane in JSON', async () => {
    const { stdout } = await runs('show', 'latest', '--format', 'json');
    const { coverage, latencyMs } = JSON.parse(stdout) as {
      coverage: readonly { collection: string }[];
      latencyMs: object;
    };

    expect(coverage.find(({ collection }) => collection === 'oauth2-permission-grants')).toMatchObject({
      place: 'tenant',
      gaps: [{ reason: 'forbidden', needs: 'Some.Read.All' }],
      readAt: '2026-11-21T12:01:00.000Z',
    });
    expect(latencyMs).toMatchObject({
      storage: { alerts: 1, atMost: 0, stages: { total: { p95: 110 }, sinceChange: { p95: 150 } } },
      directory: { alerts: 1, atMost: 1, stages: { total: { p95: 110 }, sinceChange: { p95: 300_150 } } },
    });
  });

  it('names what no rule needs but would be surer with, apart from what was not judged', async () => {
    const { run, shards } = await unfinished();
    const id = 'helped';
    await filled.store.runs.start({ ...run, id }, shards);
    const gaps = [{ reason: 'forbidden', needs: 'Reader on the tenant' }] as const;
    const entry = {
      collection: 'role-definitions',
      place: 'tenant',
      rows: 0,
      pages: null,
      gaps,
      readAt: null,
    } as const;
    await filled.store.runs.keepCoverage(id, [entry]);
    const { stdout, code } = await runs('show', id);

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^All that the rules need was read\.\n\nCould not be read, and no rule needs it.*:\n.*\nrole-definitions +tenant +forbidden +Reader on the tenant$/mu,
    );
    expect(stdout).toContain('never read whole');
  });

  it('tells what was found out since the run before of who made changes, and how much it leaves out', async () => {
    const { run, shards } = await unfinished();
    const at = run.startedAt;
    const changes = [
      {
        changeId: 'c',
        key: '/subscriptions/s/profiles',
        at,
        attributedAt: at + 60_000,
        properties: ['kind'],
        actors: [{ kind: 'user', objectId: 'ada' } as const],
        confidence: 'proved' as const,
      },
    ];
    const tally = (await filled.store.runs.find('night-1'))?.tally ?? null;
    const finished = { ...run, id: 'digest', finishedAt: at, tally, digest: { count: 3, changes } };
    await filled.store.runs.start(finished, shards);
    const { stdout } = await runs('show', 'digest');
    const document = JSON.parse((await runs('show', 'digest', '--format', 'json')).stdout) as object;

    expect(stdout).toMatch(/^profiles +kind +user ada +proved *$/mu);
    expect(stdout).toMatch(/^and 2 more$/mu);
    expect(document).toMatchObject({
      attributedLater: { count: 3, changes: [{ accountId: '/subscriptions/s/profiles', confidence: 'proved' }] },
    });
  });

  it('says how far a run is that is not finished', async () => {
    const { run, shards } = await unfinished();
    await filled.store.runs.start(run, shards);
    expect((await runs('show', run.id)).stdout).toContain('not finished: 0 of 2 shards are done.');
  });

  it.each([
    ['night-11', 'Did you mean night-1?'],
    ['a/b', 'kerbwatch runs list shows those there are.'],
  ])('does not know %s, and says how to go on', async (id, said) => {
    const ran = await runs('show', id);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  });
});

describe('A store without a run', () => {
  it('is said to be one, and is left as it is', () => {
    const [listed, shown] = beforeAnyAudit;
    expect(listed).toMatchObject({ code: 0 });
    expect(listed?.stdout).toMatch(/^No audit has run with the store at /u);
    expect(shown).toMatchObject({ code: 2, stdout: '' });
    expect(tablesBefore).toBe(0);
  });
});

/** A run as it is before its shards are done, older than the others. */
async function unfinished() {
  const run = await filled.store.runs.find('night-1');
  if (run === null) throw new Error('There was a first night');
  const shards = (await filled.store.runs.shards('night-1')).map(({ shard }) => shard);
  const startedAt = run.startedAt - 60_000;
  return { run: { ...run, id: 'given-up', startedAt, finishedAt: null, tally: null, shards: 2 }, shards };
}
