import { odata } from '@azure/data-tables';
import { mayBeThere } from '../../../domain/audit/listed-accounts.ts';
import type { Expired, Removed } from '../../../domain/audit/purge.ts';
import type { Run } from '../../../domain/audit/run.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import type { Row } from './entity.ts';
import { unpackJson } from './json-properties.ts';
import { newestFirstKey, padded } from './keys.ts';
import { latencyPartition } from './latencies.ts';
import { jobRows } from './job-store.ts';
import { removeExpiredTasks } from './expired-tasks.ts';
import { removeExpiredAccounts } from './expired-accounts.ts';
import { removeRows } from './remove-expired.ts';
import { jobIn } from './stored-job.ts';
import { saidRows } from './sweep-log.ts';
import type { Table } from './table.ts';

export interface ExpiringTables {
  readonly findings: Table;
  readonly history: Table;
  readonly runs: Table;
  readonly inbox: Table;
  readonly jobs: Table;
  readonly accounts: Table;
  /** Removes the files of a run; a run without any is no error. */
  readonly removeFiles: (runId: string) => Promise<void>;
}

const closed = "(state eq 'resolved' or state eq 'gone')";
const notClosed = "(state ne 'resolved' and state ne 'gone')";
const findingRows = { from: 'f~', before: 'f~~' };

/** What is old in the tables, by the times that the rows themselves name, never by when the service wrote them. */
export function createExpired({ removeFiles, ...tables }: ExpiringTables): Expired {
  const { findings, history, runs, inbox, jobs, accounts } = tables;
  return {
    async history(before, most) {
      const open = new Set<unknown>();
      for await (const { properties } of findings.rows({ ...findingRows, where: notClosed })) {
        open.add(properties['findingId']);
      }
      const where = odata`at lt ${new Date(before)}`;
      return removeRows(history, { where }, most, ({ properties }) => open.has(properties['findingId']));
    },

    async runs(before, most) {
      // Newest first: what sorts after this key started before that time.
      const range = { partitionKey: 'run', from: newestFirstKey(before - 1) };
      const kept = await lastFinished(runs);
      let rows = 0;
      for await (const index of runs.rows(range)) {
        const runId = String(index.properties['runId']);
        if (runId === kept) continue;
        if (rows >= most) return { rows, more: true };
        await removeFiles(runId);
        const own = await removeRows(runs, { partitionKey: runId }, most);
        rows += own.rows;
        if (own.more) return { rows, more: true };
        // The index goes last: while it is there, what is left of the run is found again.
        await runs.remove(index.partitionKey, index.rowKey);
        rows += 1;
      }
      for (const range of [
        { partitionKey: latencyPartition, from: newestFirstKey(before - 1) },
        { partitionKey: 'sweep', from: `did~${newestFirstKey(before - 1)}`, before: 'did~~' },
      ]) {
        const told = await removeRows(runs, range, Math.max(most - rows, 0));
        rows += told.rows;
        if (told.more) return { rows, more: true };
      }
      return { rows, more: false };
    },

    inbox: (before, most) => removeRows(inbox, { where: odata`receivedAt lt ${new Date(before)}` }, most),

    jobs: (before, most) => removeRows(jobs, { where: jobRows }, most, (row) => settledAt(row) >= before),

    accounts: (before, most, listed) =>
      removeExpiredAccounts({ findings, accounts }, { before, most, mayBeThere: (key) => mayBeThere(key, listed) }),

    marks: (before, most) => removeRows(runs, saidRows, most, (row) => saidAt(row) >= before),

    tasks: (before, most) => removeExpiredTasks({ findings, jobs }, before, most),

    async closedFindings(before, most) {
      let rows = 0;
      const withJobs = await findingsWithJobs(jobs);
      for await (const row of findings.rows({ ...findingRows, where: closed })) {
        if (!isOlder(row, before) || withJobs.has(String(row.properties['findingId']))) continue;
        if (rows >= most) return { rows, more: true };
        rows += await removeFinding(findings, row);
      }
      return { rows, more: false };
    },
  };
}

async function lastFinished(runs: Table): Promise<string | null> {
  for await (const { properties } of runs.rows({ partitionKey: 'run' })) {
    const runId = String(properties['runId']);
    const row = await runs.get(runId, 'run');
    if (row !== null && (unpackJson('body', row.properties) as Run).finishedAt !== null) return runId;
  }
  return null;
}

/** Ids of findings that a stored job names. */
async function findingsWithJobs(jobs: Table): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const row of jobs.rows({ where: jobRows })) {
    for (const { id } of jobIn(row)?.job.findings ?? []) ids.add(id);
  }
  return ids;
}

/** When a job was settled; one that never was is over when it has expired. What is no job that can be read stays. */
function settledAt(row: Row): number {
  const stored = jobIn(row);
  return stored === null ? Infinity : (stored.report?.at ?? stored.job.expiresAt);
}

/** A mark of an older version has no time of its own, but that of the service. */
function saidAt({ properties, writtenAt }: Row): number {
  const { at } = properties;
  return at instanceof Date ? at.getTime() : writtenAt;
}

function isOlder(row: Row, before: number): boolean {
  const { changedAt } = unpackJson('body', row.properties) as Finding;
  return changedAt < before;
}

/**
 * The finding goes at the version that was seen: one that has opened again meanwhile stays. What is not sent stays too. Its
 * transitions go first, and no others: once it is gone another may open in its place, whose first has yet to be sent.
 */
async function removeFinding(findings: Table, row: Row): Promise<Removed['rows']> {
  const { partitionKey, rowKey, version } = row;
  const { transitions } = unpackJson('body', row.properties) as Finding;
  const name = rowKey.slice('f~'.length);
  const unsent = findings.pages({ partitionKey, from: `o~${name}~`, before: `o~${name}~~` }, 1);
  for await (const page of unsent) if (page.length > 0) return 0;
  const own = { partitionKey, from: `t~${name}~`, before: `t~${name}~${padded(transitions + 1)}` };
  const steps = await removeRows(findings, own, 1000);
  return steps.rows + Number(await findings.remove(partitionKey, rowKey, version));
}
