import type { JobStore, Messages, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { CallOff } from './call-off.ts';
import { endTurnedDown } from './end-turned-down.ts';
import type { Digest } from './job.ts';
import type { JobRequests } from './job-request.ts';
import { planDigest } from './same-plan.ts';
import { youngerJob } from './younger-job.ts';

/** What a named person decided about one attempt of a job. Times are epoch milliseconds, UTC. */
export interface Approval {
  readonly jobId: string;
  readonly attempt: number;
  /** Of the plan that was shown (`planDigest`): it holds for no other. */
  readonly planDigest: string;
  readonly decision: 'approved' | 'rejected';
  /** Object id, lower case. */
  readonly by: string;
  readonly at: number;
  readonly expiresAt: number;
  readonly note: string | null;
}

/** Table `approvals`, which the remediator alone writes. */
export interface ApprovalStore {
  find(jobId: string, attempt: number): Promise<Approval | null>;
  /** @returns false when that attempt was decided already; the first decision stands. */
  decide(approval: Approval): Promise<boolean>;
  /** @returns null where nobody called that attempt off */
  calledOff(jobId: string, attempt: number): Promise<CallOff | null>;
  /** @returns false when that attempt was called off already; the first stands. */
  callOff(callOff: CallOff): Promise<boolean>;
}

export interface ApprovalPorts {
  readonly jobs: JobStore;
  readonly approvals: ApprovalStore;
  readonly requests: Pick<JobRequests, 'find'>;
  readonly messages: Messages;
  readonly now: () => number;
  readonly digest: Digest;
}

export interface Decision {
  readonly jobId: string;
  /** Of the plan that the person saw. */
  readonly planDigest: string;
  /** Object id of the person, any case; their role was checked by whoever calls. */
  readonly by: string;
  readonly note: string | null;
}

export type Decided =
  | { readonly outcome: 'approved' | 'rejected'; readonly job: StoredJob; readonly approval: Approval }
  /** `job` is still being carried out where somebody has taken it, until they ask before they write. */
  | { readonly outcome: 'called-off'; readonly job: StoredJob; readonly callOff: CallOff }
  | { readonly outcome: 'unknown-job' | 'not-waiting' | 'other-plan' | 'own-request'; readonly why: string }
  | { readonly outcome: 'expired' | 'decided-already'; readonly why: string };

const hourMs = 3_600_000;

/**
 * Records that a person approves the plan as it is stored, and puts the job on the queue. Asked again by the same person
 * after a crash it goes on where it stopped: the messages are the same.
 */
export async function approveJob(decision: Decision, settings: Settings, ports: ApprovalPorts): Promise<Decided> {
  const decided = await decide(decision, 'approved', settings, ports);
  if (decided.outcome !== 'approved') return decided;
  const { approval } = decided;
  const job = decided.job.state === 'awaiting-approval' ? await move(decided.job, 'queued', ports) : decided.job;
  await ports.messages.job(job.job, { approval });
  return { ...decided, job };
}

/**
 * Records that a person does not want the plan: the job ends as refused, and its finding stays open. It is audited, since it
 * may be taken for one that is being mended: the job was to run by itself before somebody was asked.
 */
export async function rejectJob(decision: Decision, settings: Settings, ports: ApprovalPorts): Promise<Decided> {
  const decided = await decide(decision, 'rejected', settings, ports);
  if (decided.outcome !== 'rejected') return decided;
  const { job: stored } = decided;
  const job = await endTurnedDown(stored.job, settings, ports, async () =>
    stored.state === 'awaiting-approval' ? move(stored, 'refused', ports) : stored,
  );
  return { ...decided, job };
}

async function decide(
  { jobId, planDigest: seen, by: person, note }: Decision,
  wanted: Approval['decision'],
  settings: Settings,
  ports: ApprovalPorts,
): Promise<Decided> {
  const job = await ports.jobs.find(jobId);
  if (job === null) return { outcome: 'unknown-job', why: `No remediation job ${jobId} is stored` };
  const by = person.toLowerCase();
  const { attempt, plan, expiresAt, requestedBy } = job.job;
  const earlier = await ports.approvals.find(jobId, attempt);
  const isAgain = earlier?.by === by && earlier.decision === wanted && earlier.planDigest === seen;
  const ended = wanted === 'approved' ? 'queued' : 'refused';
  if (job.state !== 'awaiting-approval' && !(isAgain && job.state === ended)) {
    return { outcome: 'not-waiting', why: `The job ${jobId} waits for no approval: it is ${job.state}` };
  }
  if (earlier !== null) {
    if (isAgain) return { outcome: wanted, job, approval: earlier };
    const what = `${earlier.by} ${earlier.decision} it at ${new Date(earlier.at).toISOString()}`;
    return { outcome: 'decided-already', why: `The job ${jobId} was decided on: ${what}; requeue it to decide anew` };
  }
  const now = ports.now();
  if (now >= expiresAt) {
    return { outcome: 'expired', why: `The job ${jobId} has expired; the next audit plans it anew if it is needed` };
  }
  if (planDigest(plan, ports.digest) !== seen) {
    return { outcome: 'other-plan', why: `The job ${jobId} has another plan than the one that was shown; look again` };
  }
  const younger = wanted === 'approved' ? await youngerJob(job.job, ports.jobs) : null;
  if (younger !== null) {
    const why = `The job ${jobId} was planned anew since, as job ${younger.jobId}; approve that one`;
    return { outcome: 'not-waiting', why };
  }
  // To turn something down takes no second person.
  const request = await ports.requests.find(jobId);
  const asked = [requestedBy, request?.by];
  if (
    wanted === 'approved' &&
    settings.brakes.requesters.length === 0 &&
    asked.every((one) => (one ?? null) === null)
  ) {
    const why = `Nobody knows who switched on what job ${jobId} does, so nobody can be told apart from them; name them in brakes.requesters of the remediator's settings`;
    return { outcome: 'own-request', why };
  }
  if (wanted === 'approved' && isRequester(by, asked, settings)) {
    const why = `Whoever asked for the job ${jobId}, or switched its action on, cannot approve it; ask somebody else`;
    return { outcome: 'own-request', why };
  }
  const life = settings.brakes.approvalHours * hourMs;
  const approval: Approval = {
    ...{ jobId, attempt, planDigest: seen, decision: wanted, by, at: now, note },
    expiresAt: Math.min(now + life, expiresAt),
  };
  if (await ports.approvals.decide(approval)) return { outcome: wanted, job, approval };
  return { outcome: 'decided-already', why: `Somebody else decided on the job ${jobId} just now; look again` };
}

/**
 * Whether the person asked for this attempt or is among those who switched the actions on.
 * @param requestedBy whoever asked, as the job has it and as it was recorded
 */
export function isRequester(
  by: string,
  requestedBy: readonly (string | null | undefined)[],
  { brakes }: Settings,
): boolean {
  return requestedBy.some((one) => one?.toLowerCase() === by) || brakes.requesters.includes(by);
}

async function move(job: StoredJob, state: 'queued' | 'refused', { jobs, now }: ApprovalPorts): Promise<StoredJob> {
  const report =
    state === 'queued'
      ? null
      : { at: now(), reason: 'A person rejected the plan', before: null, after: null, actor: null };
  const moved = (await jobs.move(job, state, report)) ?? (await jobs.find(job.job.jobId));
  if (moved === null) throw new Error(`The job ${job.job.jobId} is gone; its approval is recorded and does nothing`);
  return moved;
}
