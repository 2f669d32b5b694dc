import type { Finding } from '../findings/finding.ts';
import type { StoredJob } from '../audit/ports.ts';

/** What became of the jobs of one action. */
export interface ActionMetrics {
  readonly action: string;
  readonly planned: number;
  /** Those that waited for a person and got an approval. */
  readonly approved: number;
  /** Those that wait for one. */
  readonly waiting: number;
  readonly done: number;
  /** Those that are done and whose findings were all found mended after. */
  readonly verified: number;
  readonly undone: number;
  readonly failed: number;
  readonly refused: number;
  readonly dryRun: number;
  readonly withdrawn: number;
  /** Of those that failed or were refused, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly jobs: number }[];
  /** From the opening of a finding to its end, of those that are verified; milliseconds, null where there is none. */
  readonly timeToRepairMs: { readonly p50: number; readonly p95: number; readonly longest: number } | null;
}

/**
 * Counts jobs by action, sorted by its name.
 * @param findings those that the jobs are about; others do no harm
 * @param approved ids of the jobs that somebody approved
 */
export function jobMetrics(
  jobs: readonly StoredJob[],
  findings: readonly Finding[],
  approved: ReadonlySet<string>,
): readonly ActionMetrics[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const byAction = new Map<string, StoredJob[]>();
  // What takes a repair back is no repair: it counts where that one is `undone`.
  for (const stored of jobs.filter(({ job }) => job.undoOf === undefined)) {
    const { action } = stored.job.plan;
    byAction.set(action, [...(byAction.get(action) ?? []), stored]);
  }
  return [...byAction]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, ofAction]) => metricsOf(action, ofAction, byId, approved));
}

function metricsOf(
  action: string,
  jobs: readonly StoredJob[],
  findings: ReadonlyMap<string, Finding>,
  approved: ReadonlySet<string>,
): ActionMetrics {
  const inState = (...states: readonly string[]): number => jobs.filter(({ state }) => states.includes(state)).length;
  const done = jobs.filter(({ state }) => state === 'done');
  const ended = jobs.filter(({ state }) => state === 'failed' || state === 'refused');
  return {
    action,
    planned: jobs.length,
    approved: jobs.filter(({ job }) => approved.has(job.jobId)).length,
    waiting: inState('awaiting-approval'),
    done: done.length,
    verified: done.filter((stored) => isVerified(stored, findings)).length,
    undone: inState('undone'),
    failed: inState('failed'),
    refused: inState('refused'),
    dryRun: inState('dry-run'),
    withdrawn: inState('withdrawn'),
    reasons: counted(ended.map(({ report }) => report?.reason ?? 'no reason was recorded')),
    timeToRepairMs: percentiles(done.flatMap((stored) => repairTimes(stored, findings))),
  };
}

/** A finding that came back since was closed between; one whose waiver ended is in another episode, and was not. */
function isVerified({ job }: StoredJob, findings: ReadonlyMap<string, Finding>): boolean {
  return job.findings.every(({ id, episode }) => {
    const finding = findings.get(id);
    if (finding === undefined) return false;
    const cameBack = finding.episode > episode && finding.flaps.some((at) => at > job.createdAt);
    return cameBack || finding.state === 'resolved';
  });
}

function repairTimes({ job }: StoredJob, findings: ReadonlyMap<string, Finding>): readonly number[] {
  return job.findings.flatMap(({ id, episode }) => {
    const finding = findings.get(id);
    const isEnded = finding?.episode === episode && finding.state === 'resolved';
    return isEnded ? [finding.changedAt - finding.openedAt] : [];
  });
}

function counted(reasons: readonly string[]): ActionMetrics['reasons'] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, jobs]) => ({ reason, jobs }))
    .sort((a, b) => b.jobs - a.jobs || (a.reason < b.reason ? -1 : 1));
}

/** The value that a share of all are at or below. */
function percentiles(times: readonly number[]): ActionMetrics['timeToRepairMs'] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95), longest: at(1) };
}
