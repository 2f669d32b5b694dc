import type { Run, Tally } from '../../domain/audit/run.ts';
import type { WholeRun } from './run-text.ts';
import { isoTime } from './time-text.ts';

/** A run as JSON; `tally` is null until it is finished. */
export function runDocument(run: Run): object {
  return {
    id: run.id,
    tenantId: run.tenantId,
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(run.finishedAt),
    shards: run.shards,
    accounts: run.accounts,
    requests: run.requests,
    complete: run.gaps.length === 0,
    gaps: run.gaps,
    tally: run.tally === null ? null : tallyDocument(run.tally),
  };
}

/** The same with its coverage ledger, and how long alerts took until the next run. */
export function wholeRunDocument({ run, coverage, shardsDone, latency }: WholeRun): object {
  return {
    schema: 'kerbwatch.run/v1',
    ...runDocument(run),
    shardsDone,
    attributedLater: digestDocument(run),
    coverage: coverage.map(({ readAt, ...entry }) => ({ ...entry, readAt: isoTime(readAt) })),
    latencyMs: latency,
  };
}

/** Null until it is finished, and for a run of an older version. */
function digestDocument({ digest }: Run): object | null {
  if (digest === undefined) return null;
  const changes = digest.changes.map(({ key, at, attributedAt, ...change }) => ({
    accountId: key,
    ...change,
    at: isoTime(at),
    attributedAt: isoTime(attributedAt),
  }));
  return { count: digest.count, changes };
}

function tallyDocument({ verdicts: { 'not-applicable': notApplicable, ...verdicts }, ...tally }: Tally): object {
  return { verdicts: { ...verdicts, notApplicable }, ...tally };
}
