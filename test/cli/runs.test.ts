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
  const times = { channel: 'webhook', changedAt: at, receivedAt: at + 10, dueAt: at + 40, storedAt: at + 100 };
  await filled.store.latencies.record({ ...times, alertId: 'late', handedOverAt: at + 150 });
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
    expect(stdout).toContain('Alerts handed over until the next run: 1\n');
    // Stored 60 ms after the debounce was over, handed over 50 ms later.
    expect(stdout).toMatch(/^total +110 ms +110 ms +110 ms$/mu);
  });

  it('shows an older run by its id, with 0 where all was read', async () => {
    const { stdout, code } = await runs('show', 'night-1');
    expect(code).toBe(0);
    expect(stdout).toContain('All that the rules need was read.');
    expect(stdout).toContain('2 taken as the baseline');
  });

  it('gives the coverage ledger in JSON', async () => {
    const { stdout } = await runs('show', 'latest', '--format', 'json');
    const { coverage } = JSON.parse(stdout) as { coverage: readonly { collection: string }[] };

    expect(coverage.find(({ collection }) => collection === 'oauth2-permission-grants')).toMatchObject({
      place: 'tenant',
      gaps: [{ reason: 'forbidden', needs: 'Some.Read.All' }],
      readAt: '2026-11-21T12:01:00.000Z',
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
