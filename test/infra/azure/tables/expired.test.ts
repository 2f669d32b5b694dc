import { beforeEach, expect, it } from 'vitest';
import { unattributed } from '../../../../domain/drift/attribution.ts';
import { emptyTally, noRequests, type Run } from '../../../../domain/audit/run.ts';
import type { Expired } from '../../../../domain/audit/purge.ts';
import type { Finding } from '../../../../domain/findings/finding.ts';
import { createAlertDeliveries } from '../../../../infra/azure/tables/alert-deliveries.ts';
import { createChangeHistory } from '../../../../infra/azure/tables/change-history.ts';
import { createExpired } from '../../../../infra/azure/tables/expired.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { createHistory } from '../../../../infra/azure/tables/history.ts';
import { createOutbox } from '../../../../infra/azure/tables/outbox.ts';
import { createRunStore } from '../../../../infra/azure/tables/run-store.ts';
import type { Table } from '../../../../infra/azure/tables/table.ts';
import { change } from '../../../domain/drift/build-change.ts';
import { accountKey, finding, noon, opening, subscriptionId, tenantId, transitionOf } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

/** What is this old goes; what is as old as `edge` is the first that stays. */
const edge = noon;
const old = noon - 1;

let tables: { readonly findings: Table; readonly history: Table; readonly runs: Table; readonly inbox: Table };
let filesRemoved: string[];
let expired: Expired;

beforeEach(() => {
  tables = { findings: freshTable(), history: freshTable(), runs: freshTable(), inbox: freshTable() };
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

it('finds nothing in tables that are empty', async () => {
  const nothing = { rows: 0, more: false };

  expect(await expired.history(edge, 100)).toEqual(nothing);
  expect(await expired.runs(edge, 100)).toEqual(nothing);
  expect(await expired.inbox(edge, 100)).toEqual(nothing);
  expect(await expired.closedFindings(edge, 100)).toEqual(nothing);
});
