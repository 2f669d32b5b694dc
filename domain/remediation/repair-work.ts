import type { QueuedWork } from '../audit/ports.ts';
import { debounceEnd } from '../audit/queue-account.ts';
import type { Settings } from '../model/settings.ts';
import type { Digest, RemediationJob } from './job.ts';
import { exclusionOf, policyAction, type Repair, repairKey } from './repair.ts';

/**
 * The message that has a repair planned, at the end of the debounce window: all findings of one window that call for the
 * same are one message.
 * @param correlationId run, event or job that led to it
 */
export function repairWork(
  repair: Repair,
  correlationId: string,
  { settings, now, digest }: { readonly settings: Settings; readonly now: number; readonly digest: Digest },
): QueuedWork {
  const windowMs = settings.watch.debounceSeconds * 1000;
  const dueAt = debounceEnd(null, now, windowMs);
  const window = windowMs === 0 ? correlationId : String(dueAt / windowMs - 1);
  return {
    messageId: digest(`plan-repair|${repairKey(repair)}|${window}`),
    work: { kind: 'plan-repair', repair, correlationId },
    notBefore: windowMs === 0 ? null : dueAt,
  };
}

/**
 * The message that has planned anew what a job was to mend: after it expired, or was refused because the facts had changed.
 * It finds nothing to do where nothing is broken any more, or the job still stands.
 * @param at when, epoch milliseconds
 */
export function planAnewWork(job: RemediationJob, at: number): QueuedWork | null {
  const repair = repairOfJob(job);
  if (repair === null) return null;
  return {
    messageId: `plan-anew:${job.jobId}:${String(job.attempt)}:${String(at)}`,
    work: { kind: 'plan-repair', repair, correlationId: job.jobId },
    notBefore: at,
  };
}

/**
 * The message that has a repair planned for findings that are open already, and that no transition plans for.
 * @param occasion what calls for it: on one occasion a repair is planned once, for however many findings
 */
export function planOpenWork(repair: Repair, occasion: string, correlationId: string, digest: Digest): QueuedWork {
  return {
    messageId: digest(`${occasion}|${repairKey(repair)}`),
    work: { kind: 'plan-repair', repair, correlationId },
    notBefore: null,
  };
}

/**
 * The message that has planned again what the facts called for nothing to do of, though findings are open: they may not be seen
 * closing, and what breaks anew meanwhile is no transition. Every few hours, for as long as they are open; of messages for one
 * time the broker keeps one.
 * @param now epoch milliseconds
 */
export function planStillOpenWork(repair: Repair, correlationId: string, now: number, digest: Digest): QueuedWork {
  const key = digest(`plan-still-open|${repairKey(repair)}`);
  const share = Number.parseInt(key.slice(0, 8), 16) % stillOpenMs;
  const dueAt = (Math.floor((now - share) / stillOpenMs) + 1) * stillOpenMs + share;
  return {
    messageId: `${key}:${String(dueAt)}`,
    work: { kind: 'plan-repair', repair, correlationId },
    notBefore: dueAt,
  };
}

/** Each repair at its own time of them, so that not all are planned at once. */
const stillOpenMs = 6 * 3_600_000;

/**
 * The message that has the findings of a job be seen as being mended. They may lie in several partitions, so that they cannot
 * be written with the job; a finding whose own job leaves with its transition needs none.
 * @param replaced a job that is withdrawn since this one takes its place, and when it will have been, epoch milliseconds
 */
export function repairQueuedWork(
  { jobId }: RemediationJob,
  replaced: { readonly job: RemediationJob; readonly at: number } | null = null,
): QueuedWork {
  const place = replaced === null ? '' : `:${replaced.job.jobId}`;
  return {
    messageId: `repair-queued:${jobId}${place}`,
    work: { kind: 'repair-queued', jobId },
    notBefore: replaced?.at ?? null,
  };
}

/** What a job was planned for; null where its findings tell nothing of it. */
export function repairOfJob({ plan, rule, accounts, findings }: RemediationJob): Repair | null {
  if (plan.action === policyAction) return { of: 'policy', policyId: plan.target.id.toLowerCase() };
  const [account] = accounts;
  const exclusion = exclusionOf(findings[0]?.id.split('/').at(-1) ?? '');
  if (exclusion !== null) return { of: 'exclusions', policyId: exclusion.policyId };
  return account === undefined ? null : { of: 'account', accountId: account.id.toLowerCase(), rule };
}
