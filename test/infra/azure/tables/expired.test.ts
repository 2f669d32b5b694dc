import { beforeEach, describe, expect, it } from 'vitest';
import { unattributed } from '../../../../domain/drift/attribution.ts';
import { emptyTally, noRequests, type Run } from '../../../../domain/audit/run.ts';
import type { Expired } from '../../../../domain/audit/purge.ts';
import type { Finding } from '../../../../domain/findings/finding.ts';
import { createAccountLinks } from '../../../../infra/azure/tables/account-links.ts';
import { createAccountReads } from '../../../../infra/azure/tables/account-reads.ts';
import { createAlertDeliveries } from '../../../../infra/azure/tables/alert-deliveries.ts';
import { createChangeHistory } from '../../../../infra/azure/tables/change-history.ts';
import { createExpired, type ExpiringTables } from '../../../../infra/azure/tables/expired.ts';
import { createFactStore } from '../../../../infra/azure/tables/fact-store.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { createHistory } from '../../../../infra/azure/tables/history.ts';
import { createJobStore } from '../../../../infra/azure/tables/job-store.ts';
import { createOutbox } from '../../../../infra/azure/tables/outbox.ts';
import { createRunStore } from '../../../../infra/azure/tables/run-store.ts';
import { createSweepLog } from '../../../../infra/azure/tables/sweep-log.ts';
import type { Table } from '../../../../infra/azure/tables/table.ts';
import { change } from '../../../domain/drift/build-change.ts';
import { accountKey, finding, job, noon, opening, subscriptionId, tenantId, transitionOf } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

/** What is this old goes; what is as old as `edge` is the first that stays. */
const edge = noon;
const old = noon - 1;

let tables: Omit<ExpiringTables, 'removeFiles'>;
let filesRemoved: string[];
let expired: Expired;

beforeEach(() => {
  tables = {
    findings: freshTable(),
    history: freshTable(),
    runs: freshTable(),
    inbox: freshTable(),
    jobs: freshTable(),
    accounts: freshTable(),
  };
  filesRemoved = [];
  expired = createExpired({ ...tables, removeFiles: (runId) => Promise.resolve(void filesRemoved.push(runId)) });
});

function run(id: string, startedAt: number, finished = true): Run {
  return {
    id,
    tenantId,
    startedAt,
    finishedAt: finished ? startedAt + 1 : null,
    shards: 1,
    gaps: [],
    requests: noRequests,
    accounts: { seen: 0, inScope: 0 },
    tally: finished ? emptyTally : null,
  };
}

async function startRun(id: string, startedAt: number, finished = true): Promise<void> {
  const store = createRunStore(tables.runs);
  const shard = { runId: id, number: 0, subscriptionId, baseline: false, accounts: 1, factsReadAt: startedAt };
  await store.start(run(id, startedAt, finished), [shard]);
}

async function closeFinding(name: string, changedAt: number, state: Finding['state'] = 'resolved'): Promise<void> {
  await createFindingStore(tables.findings).commit(subscriptionId, [opening(name, { state, changedAt })]);
}

async function sendAll(): Promise<void> {
  const outbox = createOutbox(tables.findings);
  for (const { key } of await collect(outbox.entries(subscriptionId))) await outbox.remove(subscriptionId, key);
}

it('removes transitions, changes and attributions that are older, and nothing that is as old as it may be', async () => {
  const history = createHistory(tables.history);
  const changes = createChangeHistory(tables.history);
  const key = accountKey('profiles');
  for (const at of [old, edge]) {
    await history.append(transitionOf(finding('profiles', { changedAt: at, transitions: at === old ? 1 : 2 })));
    await changes.append(change({ id: String(at), key, at }));
    await changes.attribute({ changeId: String(at), key, attribution: unattributed, transitions: [] });
  }

  expect(await expired.history(edge, 100)).toEqual({ rows: 3, more: false });
  expect((await history.of(key)).map(({ at }) => at)).toEqual([edge]);
  expect((await changes.of(key)).map(({ at }) => at)).toEqual([edge]);
  expect((await changes.attributionsOf(key)).map(({ changeId }) => changeId)).toEqual([String(edge)]);
});

it('keeps the history of a finding that is not closed, however old', async () => {
  const history = createHistory(tables.history);
  await closeFinding('open', old, 'open');
  await closeFinding('waived', old, 'waived');
  await closeFinding('resolved', old);
  for (const name of ['open', 'waived', 'resolved'])
    await history.append(transitionOf(finding(name, { changedAt: old })));

  await expired.history(edge, 100);

  expect(await history.of(accountKey('open'))).toHaveLength(1);
  expect(await history.of(accountKey('waived'))).toHaveLength(1);
  expect(await history.of(accountKey('resolved'))).toEqual([]);
});

it('removes a portion at a time, and says that there is more', async () => {
  const changes = createChangeHistory(tables.history);
  for (let index = 0; index < 5; index += 1) await changes.append(change({ id: String(index), at: old }));

  expect(await expired.history(edge, 3)).toEqual({ rows: 3, more: true });
  expect(await expired.history(edge, 3)).toEqual({ rows: 2, more: false });
});

it('removes runs that began earlier with all that is theirs, finished or not, but never the last finished one', async () => {
  await startRun('crashed', old - 3, false);
  await startRun('first', old - 2);
  await startRun('last-finished', old - 1);
  await startRun('unfinished', old, false);
  const store = createRunStore(tables.runs);
  await store.markBaselined([subscriptionId]);

  expect(await expired.runs(edge, 100)).toMatchObject({ more: false });

  expect((await store.latest(10)).map(({ id }) => id)).toEqual(['last-finished']);
  expect(await collect(tables.runs.rows({ partitionKey: 'first' }))).toEqual([]);
  expect(await store.shards('last-finished')).toHaveLength(1);
  expect(await store.baselined()).toEqual(new Set([subscriptionId]));
  expect(filesRemoved.sort()).toEqual(['crashed', 'first', 'unfinished']);
});

it('keeps a run that began as long ago as it may have', async () => {
  await startRun('edge', edge);
  await startRun('newest', edge + 1);
  await startRun('older', old);
  await expired.runs(edge, 100);

  expect((await createRunStore(tables.runs).latest(10)).map(({ id }) => id)).toEqual(['newest', 'edge']);
});

it('forgets what was received earlier', async () => {
  const inbox = createAlertDeliveries(tables.inbox);
  await inbox.record('old', 'target', old);
  await inbox.record('edge', 'target', edge);

  expect(await expired.inbox(edge, 100)).toEqual({ rows: 1, more: false });
  expect([await inbox.took('old', 'target'), await inbox.took('edge', 'target')]).toEqual([false, true]);
});

it('removes closed findings by their last change, with their transitions, and no open one', async () => {
  await closeFinding('resolved', old);
  await closeFinding('gone', old, 'gone');
  await closeFinding('edge', edge);
  for (const state of ['open', 'acknowledged', 'waived', 'remediating'] as const) await closeFinding(state, old, state);
  await sendAll();

  expect(await expired.closedFindings(edge, 100)).toMatchObject({ more: false });

  const left = await collect(tables.findings.rows({ from: 'f~', before: 'f~~' }));
  expect(left.map(({ properties }) => String(properties['findingId']).split('/')[0]).sort()).toEqual(
    ['edge', 'open', 'acknowledged', 'waived', 'remediating'].sort(),
  );
});

it('keeps a closed finding whose transition was not sent yet', async () => {
  await closeFinding('resolved', old);

  expect(await expired.closedFindings(edge, 100)).toEqual({ rows: 0, more: false });
  await sendAll();
  expect((await expired.closedFindings(edge, 100)).rows).toBeGreaterThan(0);
});

it('takes nothing from a finding that opens as soon as the closed one is gone', async () => {
  await closeFinding('again', old);
  await sendAll();
  const findings: Table = {
    ...tables.findings,
    remove: async (partitionKey, rowKey, version) => {
      const removed = await tables.findings.remove(partitionKey, rowKey, version);
      if (rowKey.startsWith('f~')) await createFindingStore(tables.findings).commit(subscriptionId, [opening('again')]);
      return removed;
    },
  };
  await createExpired({ ...tables, findings, removeFiles: () => Promise.resolve() }).closedFindings(edge, 100);

  const unsent = await collect(createOutbox(tables.findings).entries(subscriptionId));
  expect(unsent.map(({ transition }) => transition?.kind)).toEqual(['opened']);
});

async function storeJob(id: string, { expiresAt, settledAt }: { expiresAt: number; settledAt: number | null }) {
  const store = createJobStore(tables.jobs);
  const findings = [{ id: `${id}/consent-granted`, episode: 1 }];
  await store.insert({ ...job(), jobId: `ab${id}`, findings, expiresAt });
  const stored = await store.find(`ab${id}`);
  if (stored === null || settledAt === null) return;
  await store.move(stored, 'done', { at: settledAt, reason: null, before: null, after: null, actor: null });
}

async function jobsLeft(): Promise<string[]> {
  return (await collect(tables.jobs.rows({}))).map(({ rowKey }) => rowKey.slice(2)).sort();
}

it('removes jobs by when they were settled, and one that nobody carried out by when it expired', async () => {
  await storeJob('settled', { expiresAt: old, settledAt: old });
  await storeJob('edge', { expiresAt: old, settledAt: edge });
  await storeJob('lapsed', { expiresAt: old, settledAt: null });
  await storeJob('waits', { expiresAt: edge, settledAt: null });

  expect(await expired.jobs(edge, 1)).toEqual({ rows: 1, more: true });
  expect(await expired.jobs(edge, 100)).toEqual({ rows: 1, more: false });
  expect(await jobsLeft()).toEqual(['edge', 'waits']);
});

it('removes what is old although the row of one job cannot be read, which stays', async () => {
  await storeJob('old', { expiresAt: old, settledAt: old });
  await tables.jobs.upsert({ partitionKey: 'ab', rowKey: 'abbroken', state: 'queued', body: 'no JSON' });
  await closeFinding('closed', old);
  await sendAll();

  expect(await expired.jobs(edge, 100)).toEqual({ rows: 1, more: false });
  expect((await expired.closedFindings(edge, 100)).rows).toBeGreaterThan(0);
  expect(await jobsLeft()).toEqual(['broken']);
});

it('keeps a closed finding for as long as a job names it, so that no job is taken for one of its next life', async () => {
  await closeFinding('mended', old);
  await closeFinding('other', old);
  await sendAll();
  await storeJob('mended', { expiresAt: old, settledAt: edge });
  const left = async (): Promise<readonly unknown[]> =>
    (await collect(tables.findings.rows({ from: 'f~', before: 'f~~' }))).map(
      ({ properties }) => properties['findingId'],
    );

  await expired.closedFindings(edge, 100);
  expect(await left()).toEqual(['mended/consent-granted']);

  await expired.jobs(edge + 1, 100);
  await expired.closedFindings(edge, 100);
  expect(await left()).toEqual([]);
});

describe('What is kept of an account', () => {
  const nobody = { keys: new Set<string>(), subscriptions: new Set<string>(), unread: new Set<string>() };
  const facts = { values: {}, unread: [], fingerprint: 'f', revision: 1, pending: [] };

  async function keep(name: string, readAt: number): Promise<void> {
    await createAccountReads(tables.accounts).record(subscriptionId, accountKey(name), readAt);
    const entry = { accountKey: accountKey(name), facts: { ...facts, readAt }, version: null };
    await createFactStore(tables.accounts).save(subscriptionId, [entry]);
  }

  async function left(): Promise<readonly string[]> {
    const reads = await createAccountReads(tables.accounts).of(subscriptionId);
    const kept = await createFactStore(tables.accounts).of(subscriptionId, [...reads.keys()]);
    expect([...kept.keys()].sort()).toEqual([...reads.keys()].sort());
    return [...reads.keys()].map((key) => key.slice(key.lastIndexOf('/') + 1)).sort();
  }

  it('goes when it was not read since, and nothing knows the account any more', async () => {
    for (const name of ['gone', 'listed', 'linked', 'open', 'resolved']) await keep(name, old);
    await keep('edge', edge);
    const listed = { ...nobody, keys: new Set([accountKey('listed')]) };
    const link = {
      accountId: '',
      accountKey: accountKey('linked'),
      host: '',
      apps: [],
      grantIds: [],
      unread: [],
      readAt: old,
    };
    await createAccountLinks(tables.accounts).save(subscriptionId, [link]);
    await closeFinding('open', old, 'open');
    await closeFinding('resolved', old);

    expect(await expired.accounts(edge, 100, listed)).toEqual({ rows: 2, more: false });
    expect(await left()).toEqual(['edge', 'linked', 'listed', 'open', 'resolved']);
  });

  it('stays where its subscription is out of sight, for nobody knows what is in there', async () => {
    await keep('hidden', old);

    expect(await expired.accounts(edge, 100, { ...nobody, unread: new Set([subscriptionId]) })).toEqual({
      rows: 0,
      more: false,
    });
    expect(await left()).toEqual(['hidden']);
  });

  it('goes, where the watch followed the account, by when it was found gone', async () => {
    const links = createAccountLinks(tables.accounts);
    for (const [name, at] of [
      ['old', old],
      ['edge', edge],
    ] as const) {
      const link = {
        accountId: '',
        accountKey: accountKey(name),
        host: '',
        apps: [],
        unread: [],
        grantIds: [],
        readAt: old,
      };
      await links.save(subscriptionId, [link]);
      await links.remove(subscriptionId, accountKey(name), at);
    }

    expect(await expired.accounts(edge, 100, nobody)).toEqual({ rows: 1, more: false });
    expect((await Array.fromAsync(links.removed())).map((link) => link.accountKey)).toEqual([accountKey('edge')]);
  });

  it('goes with the reading that was announced', async () => {
    const reads = createAccountReads(tables.accounts);
    await reads.announce(subscriptionId, accountKey('gone'), old);
    await reads.announce(subscriptionId, accountKey('edge'), edge);

    expect(await expired.accounts(edge, 100, nobody)).toEqual({ rows: 1, more: false });
    expect(await reads.announced(subscriptionId, accountKey('gone'))).toBeNull();
    expect(await reads.announced(subscriptionId, accountKey('edge'))).toBe(edge);
  });

  it('goes a portion at a time', async () => {
    for (const name of ['a', 'b', 'c']) await keep(name, old);

    expect(await expired.accounts(edge, 4, nobody)).toEqual({ rows: 4, more: true });
    expect(await expired.accounts(edge, 4, nobody)).toEqual({ rows: 2, more: false });
  });
});

it('forgets what sweeps said once, by their own time, or by the time of the service for those of an older version', async () => {
  const log = createSweepLog(tables.runs);
  await log.mark('old', old);
  await log.mark('edge', edge);
  await tables.runs.upsert({ partitionKey: 'sweep', rowKey: 'said~older-version' });
  await log.record({ at: old, repaired: [] });

  expect(await expired.marks(edge, 100)).toEqual({ rows: 1, more: false });
  expect([await log.has('old'), await log.has('edge')]).toEqual([false, true]);
  // The service's clock is that of today.
  expect(await expired.marks(Date.now() + 3_600_000, 100)).toEqual({ rows: 2, more: false });
  expect(await log.latest(9)).toHaveLength(1);
});

it('finds nothing in tables that are empty', async () => {
  const nothing = { rows: 0, more: false };

  expect(await expired.history(edge, 100)).toEqual(nothing);
  expect(await expired.runs(edge, 100)).toEqual(nothing);
  expect(await expired.inbox(edge, 100)).toEqual(nothing);
  expect(await expired.jobs(edge, 100)).toEqual(nothing);
  expect(await expired.accounts(edge, 100, { keys: new Set(), subscriptions: new Set(), unread: new Set() })).toEqual(
    nothing,
  );
  expect(await expired.marks(edge, 100)).toEqual(nothing);
  expect(await expired.closedFindings(edge, 100)).toEqual(nothing);
});
