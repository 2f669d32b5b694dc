import type { StoredJob } from '../audit/ports.ts';
import type { FindingState } from '../findings/lifecycle.ts';
import type { Settings } from '../model/settings.ts';
import { findingsAtJob } from './finding-refusal.ts';
import type { RemediationJob } from './job.ts';
import { modeOf } from './job-of-plan.ts';
import { planAgain } from './plan-again.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { samePlan } from './same-plan.ts';
import { youngerJob } from './younger-job.ts';

export interface Obsolete {
  /** In a sentence. */
  readonly reason: string;
  /** Whether something is left that another job may mend. */
  readonly planAnew: boolean;
  /** The job that takes its place. */
  readonly younger?: RemediationJob;
}

type Ports = Pick<RemediatePorts, 'findings' | 'facts' | 'tenantFacts' | 'now'> & {
  readonly jobs: Pick<RemediatePorts['jobs'], 'find' | 'list'>;
};

/** States in which nobody waits for a repair; one that a newer version wrote is not known to be one. */
const over: ReadonlySet<FindingState> = new Set(['waived', 'resolved', 'gone'] as const);

/**
 * Why nobody needs a job any more that nobody has taken; null where somebody may. What could not be read is no reason, nor is
 * it that no plan can be made just now: whoever takes the job refuses it then, and says why.
 */
export async function whyObsolete(stored: StoredJob, settings: Settings, ports: Ports): Promise<Obsolete | null> {
  const { job, state } = stored;
  if (job.undoOf !== undefined) return whyNotUndone(job.undoOf, ports);
  const ended = await endedFindings(job, ports);
  const [first] = ended;
  if (first !== undefined) return { reason: first, planAnew: ended.length < job.findings.length };
  const younger = await youngerJob(job, ports.jobs);
  if (younger !== null) {
    const theirs = new Set(younger.findings.map(({ id }) => id));
    const planAnew = job.findings.some(({ id }) => !theirs.has(id));
    return { reason: `The repair was planned anew, as job ${younger.jobId}`, planAnew, younger };
  }
  if (state === 'dry-run') {
    const isOn = ['approve', 'auto'].includes(modeOf(job.plan.action, settings));
    return isOn ? { reason: 'It was a dry run, and the action is switched on by now', planAnew: true } : null;
  }
  if (state !== 'awaiting-approval' || ports.now() >= job.expiresAt) return null;
  const again = await planAgain(stored, settings, ports);
  return 'waits' in again || again.plan === null || samePlan(again.plan, job.plan)
    ? null
    : { reason: 'The facts have changed since the job was planned, and lead to another plan', planAnew: true };
}

async function whyNotUndone(jobId: string, { jobs }: Ports): Promise<Obsolete | null> {
  const undone = await jobs.find(jobId);
  if (undone?.state === 'done') return null;
  const is = undone === null ? 'not there any more' : undone.state;
  return { reason: `Job ${jobId}, which it was to take back, is ${is}`, planAnew: false };
}

/** Of the findings that nobody has to mend any more, why, each in a sentence. */
async function endedFindings(job: RemediationJob, { findings }: Ports): Promise<readonly string[]> {
  const stored = new Map((await findingsAtJob(job, findings)).map((finding) => [finding.id, finding]));
  return job.findings.flatMap(({ id, episode }) => {
    const finding = stored.get(id);
    if (finding === undefined) return [`The finding ${id} is not there any more`];
    if (over.has(finding.state)) return [`The finding ${id} is ${finding.state}`];
    return finding.episode === episode
      ? []
      : [`The finding ${id} has closed since the job was planned, and opened again`];
  });
}
