import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { type ApprovalPorts, type Decided, type Decision, rejectJob } from './approval.ts';
import { type CallOff, reasonOf } from './call-off.ts';
import { endTurnedDown } from './end-turned-down.ts';
import { planDigest } from './same-plan.ts';

/** Records that a person does not want what a job would do: one that waits for them is rejected, one on its way called off. */
export async function turnDownJob(decision: Decision, settings: Settings, ports: ApprovalPorts): Promise<Decided> {
  return (await callOffJob(decision, settings, ports)) ?? rejectJob(decision, settings, ports);
}

/**
 * Calls off a job that is on its way and has not been written: approved, or one that waited for nobody. First its row where
 * the auditor cannot write, which whoever carries the job out reads at last in the moment before the write; then the job
 * ends as refused, where nobody has taken it. To turn something down takes no second person.
 * @returns null for a job that is not on its way: it waits for its first decision, or has ended
 */
async function callOffJob(
  { jobId, planDigest: seen, by, note }: Decision,
  settings: Settings,
  ports: ApprovalPorts,
): Promise<Decided | null> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null) return null;
  const { attempt, plan } = stored.job;
  const earlier = await ports.approvals.calledOff(jobId, attempt);
  const isAgain = stored.state === 'refused' && earlier !== null;
  if (!isAgain && !(await isOnItsWay(stored, ports))) return null;
  if (stored.progress?.write) {
    const why = `The job ${jobId} is written by now, or is about to be; when it is done, undo takes it back`;
    return { outcome: 'not-waiting', why };
  }
  if (planDigest(plan, ports.digest) !== seen) {
    return { outcome: 'other-plan', why: `The job ${jobId} has another plan than the one that was shown; look again` };
  }
  const asked: CallOff = { jobId, attempt, by: by.toLowerCase(), at: ports.now(), note };
  // The first stands: whoever comes second finds the job called off, as they wanted.
  const callOff = (await ports.approvals.callOff(asked)) ? asked : await ports.approvals.calledOff(jobId, attempt);
  if (callOff === null) throw new Error(`That job ${jobId} is called off was stored and is not there`);
  return { outcome: 'called-off', job: await end(stored, callOff, settings, ports), callOff };
}

/** Approved as well, where the crash of whoever approved came before it was queued. */
async function isOnItsWay({ job, state }: StoredJob, { approvals }: ApprovalPorts): Promise<boolean> {
  if (state === 'queued' || state === 'running') return true;
  if (state !== 'awaiting-approval') return false;
  return (await approvals.find(job.jobId, job.attempt))?.decision === 'approved';
}

/** Whoever has taken the job ends it. */
async function end(
  stored: StoredJob,
  callOff: CallOff,
  settings: Settings,
  { jobs, messages, now }: ApprovalPorts,
): Promise<StoredJob> {
  if (stored.state === 'running') return stored;
  return endTurnedDown(stored.job, settings, { messages, now }, async () => {
    if (stored.state === 'refused') return stored;
    const report = { at: now(), reason: reasonOf(callOff), before: null, after: null, actor: null };
    const ended = (await jobs.move(stored, 'refused', report)) ?? (await jobs.find(callOff.jobId));
    if (ended === null) throw new Error(`The job ${callOff.jobId} is gone; that it is called off is recorded`);
    return ended;
  });
}
