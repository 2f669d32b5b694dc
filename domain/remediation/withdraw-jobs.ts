import type { JobStore, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { type Obsolete, whyObsolete } from './why-obsolete.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { planAnewWork, repairQueuedWork } from './repair-work.ts';

export type WithdrawPorts = Pick<
  RemediatePorts,
  'jobs' | 'findings' | 'facts' | 'tenantFacts' | 'messages' | 'now' | 'actor'
>;

/** A job that is withdrawn, and why, in a sentence. */
export interface Withdrawn {
  readonly jobId: string;
  readonly action: string;
  readonly reason: string;
}

/**
 * Withdraws the jobs that nobody needs any more and nobody has taken: what they mend is gone, waived or planned for anew, or
 * their plan is not what the facts of now give. What is left of it for somebody to mend is planned anew by the auditor, which
 * cannot write jobs itself. A pass that finds nothing writes nothing.
 * @throws AggregateError of the jobs that could not be judged, once the others are
 */
export async function withdrawJobs(settings: Settings, ports: WithdrawPorts): Promise<readonly Withdrawn[]> {
  const untaken: StoredJob[] = [];
  for (const state of untakenStates) untaken.push(...(await Array.fromAsync(ports.jobs.list(state))).filter(isUntaken));
  // Most passes find nothing to judge, and then need not read what has ended long ago.
  if (untaken.length === 0) return [];
  const all = await Array.fromAsync(ports.jobs.list());
  const among = {
    ...ports,
    facts: readOnce(ports.facts),
    jobs: { find: (jobId: string) => ports.jobs.find(jobId), list: () => each(all) },
  };
  const withdrawn: Withdrawn[] = [];
  const failures: unknown[] = [];
  for (const stored of untaken) {
    try {
      const why = await whyObsolete(stored, settings, among);
      if (why !== null && (await withdraw(stored, why, settings, ports)))
        withdrawn.push({ jobId: stored.job.jobId, action: stored.job.plan.action, reason: why.reason });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return withdrawn;
  throw new AggregateError(failures, `${String(failures.length)} jobs could not be judged; the next pass tries again`);
}

const untakenStates = ['awaiting-approval', 'queued', 'dry-run'] as const;

/** A dry run that the auditor did not ask for is one of this app's settings, which may be others by now. */
function isUntaken({ state, job }: StoredJob): boolean {
  return state !== 'dry-run' || !job.dryRun;
}

/** @returns false where somebody else moved it first. */
async function withdraw(
  stored: StoredJob,
  { reason, planAnew, younger }: Obsolete,
  settings: Settings,
  { jobs, messages, now, actor }: WithdrawPorts,
): Promise<boolean> {
  const at = now();
  const later = at + settings.watch.debounceSeconds * 1000;
  const works = [
    planAnew ? planAnewWork(stored.job, later) : null,
    younger === undefined ? null : repairQueuedWork(younger, { job: stored.job, at: later }),
  ].filter((work) => work !== null);
  // First: planning again finds the job there or withdrawn, and a crash between the two loses nothing.
  if (works.length > 0) await messages.auditWork(works);
  const report = { at, reason, before: null, after: null, actor };
  return (await jobs.move(stored, 'withdrawn', report)) !== null;
}

/** What all accounts share is read once in a pass. */
function readOnce(facts: WithdrawPorts['facts']): WithdrawPorts['facts'] {
  let shared: ReturnType<typeof facts.shared> | null = null;
  return { account: (accountId) => facts.account(accountId), shared: () => (shared ??= facts.shared()) };
}

async function* each(jobs: readonly StoredJob[]): ReturnType<JobStore['list']> {
  for (const job of jobs) yield await Promise.resolve(job);
}
