import type { Settings } from '../model/settings.ts';
import { modeOf } from '../remediation/job-of-plan.ts';
import type { Digest, RemediationJob } from '../remediation/job.ts';
import { repairKey } from '../remediation/repair.ts';
import { repairOfJob } from '../remediation/repair-work.ts';
import type { JobStore, Messages, QueuedWork, SweepLog } from './ports.ts';

export interface PlanSwitchedOnPorts {
  readonly jobs: Pick<JobStore, 'list'>;
  readonly messages: Pick<Messages, 'auditWork'>;
  readonly sweeps: Pick<SweepLog, 'has' | 'mark'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/** Where a dry run may be: told, not taken by anybody, or taken too late. */
const dryRunStates = ['dry-run', 'queued', 'refused'] as const;

/**
 * Where settings switch an action on that was a dry run, has what its dry runs would have mended planned anew, once for each
 * change of its mode: findings that are still open get a job in earnest, and for the others nothing comes of it.
 */
export async function planSwitchedOn(settings: Settings, ports: PlanSwitchedOnPorts): Promise<readonly string[]> {
  const isOn = (action: string): boolean => ['approve', 'auto'].includes(modeOf(action, settings));
  if (!Object.keys(settings.remediation).some(isOn)) return [];
  const dryRuns: RemediationJob[] = [];
  for (const state of dryRunStates) {
    for await (const { job } of ports.jobs.list(state)) if (job.dryRun && isOn(job.plan.action)) dryRuns.push(job);
  }
  const done: string[] = [];
  for (const [action, jobs] of Map.groupBy(dryRuns, ({ plan }) => plan.action)) {
    // While it is on it has no more dry runs: a younger one says that it was switched off and on again.
    const youngest = Math.max(...jobs.map(({ createdAt }) => createdAt));
    const key = ['switched-on', action, modeOf(action, settings), String(youngest)].join('~');
    if (await ports.sweeps.has(key)) continue;
    const works = worksFor(jobs, key, ports.digest);
    await ports.messages.auditWork(works);
    // After it was queued: what a crash cut short is queued again, as the same messages.
    await ports.sweeps.mark(key, ports.now());
    done.push(`Action ${action} was switched on: what ${String(works.length)} dry runs were for is planned anew`);
  }
  return done;
}

function worksFor(jobs: readonly RemediationJob[], key: string, digest: Digest): readonly QueuedWork[] {
  const works = new Map<string, QueuedWork>();
  for (const job of jobs) {
    const repair = repairOfJob(job);
    if (repair === null) continue;
    const messageId = digest(`${key}|${repairKey(repair)}`);
    const work = { kind: 'plan-repair', repair, correlationId: job.jobId } as const;
    works.set(messageId, { messageId, work, notBefore: null });
  }
  return [...works.values()];
}
