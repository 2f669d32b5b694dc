import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { carryOut, factsChanged, waitUntil } from './carry-out.ts';
import { findingRefusal } from './finding-refusal.ts';
import { notBegun } from './job-progress.ts';
import { modeOf } from './job-of-plan.ts';
import { lookAfter } from './look-after.ts';
import { lookForOverwritten } from './look-for-overwritten.ts';
import { refusalOf } from './may-run.ts';
import { planAgain } from './plan-again.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';
import { bringBack, comingBack, mostTries, pauseAfter } from './put-off-job.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts, type Step, UnknownJob } from './remediate-ports.ts';
import { samePlan } from './same-plan.ts';
import { scopeRefusal } from './scope-refusal.ts';
import { type Ending, settleJob, tellJob } from './settle-job.ts';

/**
 * Carries out a job by its id. The message's own plan is never looked at: the stored job is planned again from facts read
 * now, and only an equal plan goes on, under this app's own settings. Running it again after a crash finds what was done.
 * @throws UnknownJob, and whatever a read or write threw that trying again may mend.
 */
export async function remediate(jobId: string, settings: Settings, ports: RemediatePorts): Promise<Remediated> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null)
    throw new UnknownJob(`No remediation job ${jobId} is stored; jobs enter through the outbox only`);
  if (stored.state !== 'queued' && stored.state !== 'running') {
    if (!(await lookForOverwritten(stored, ports))) await tellJob(stored, settings, ports);
    return { state: 'already-settled', reason: null };
  }
  const begun = await takeUp(stored, settings, ports);
  if ('end' in begun) return begun.end;
  const call = await mayGoOn(begun.go, settings, ports);
  if ('end' in call) return call.end;
  const carried = await carryOut(begun.go, call.call, settings, ports);
  return 'end' in carried ? carried.end : { state: carried.go.state, reason: null };
}

/** Goes on where a job was left: looks at what it wrote, or waits for whoever has it. */
async function takeUp(stored: StoredJob, settings: Settings, ports: RemediatePorts): Promise<Step> {
  const progress = stored.progress ?? notBegun;
  const { write, claimedUntil } = progress;
  const [call] = stored.job.plan.calls;
  if (stored.state === 'queued' || call === undefined) return { go: stored };
  if (write !== null) return lookAfter(stored, { call, progress, write }, settings, ports);
  if (claimedUntil === null || claimedUntil <= ports.now()) return { go: stored };
  await bringBack(stored, comingBack(claimedUntil, ports.now()), ports);
  return { end: claimedElsewhere };
}

/** Everything that has to hold before a job is claimed, what a person may have decided meanwhile last. */
async function mayGoOn(
  stored: StoredJob,
  settings: Settings,
  ports: RemediatePorts,
): Promise<{ readonly call: PlannedCall } | { readonly end: Remediated }> {
  const end = async (ending: Ending) => ({ end: await settleJob(stored, ending, settings, ports) });
  const { job } = stored;
  const refusal = await refusalOf(stored, settings, ports);
  if (refusal !== null) return end({ state: 'refused', ...refusal });
  const outside = await scopeRefusal(job, ports.inScope);
  if (outside !== null) return end({ state: 'refused', reason: outside });
  const again = await planAgain(stored, settings, ports);
  if ('waits' in again) return { end: await waitForFacts(stored, again.waits, settings, ports) };
  const { plan } = again;
  const [call] = plan?.calls ?? [];
  if (plan === null || call === undefined || !samePlan(plan, job.plan)) {
    const why = 'why' in again ? again.why : null;
    const reason = why === null ? factsChanged : `${factsChanged}. ${why}`;
    return end({ state: 'refused', reason, followUp: 'plan-anew' });
  }
  if (job.dryRun || modeOf(plan.action, settings) === 'dry-run') {
    return end({ state: 'dry-run', reason: `Would do: ${wordsOf(plan)}` });
  }
  const decided = job.undoOf === undefined ? await findingRefusal(job, ports.findings) : null;
  return decided === null ? { call } : end({ state: 'refused', reason: decided });
}

async function waitForFacts(
  stored: StoredJob,
  reason: string,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  const progress = stored.progress ?? notBegun;
  const tries = progress.tries + 1;
  if (tries > mostTries) {
    const why = `Failed ${String(tries)} times, at last with: ${reason}`;
    return settleJob(stored, { state: 'failed', reason: why }, settings, ports);
  }
  const at = ports.now() + pauseAfter(progress.tries, null);
  return waitUntil(stored, { at, reason, progress: { ...progress, tries, claimedUntil: null } }, settings, ports);
}

function wordsOf({ calls }: RemediationPlan): string {
  return calls.map(({ method, url }) => `${method} ${url}`).join(', ');
}

/** Gives a job up after its last delivery: it is failed, told, and its accounts are audited again. */
export async function giveUp(jobId: string, reason: string, settings: Settings, ports: RemediatePorts): Promise<void> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null || (stored.state !== 'queued' && stored.state !== 'running')) return;
  const before = stored.progress?.write?.before;
  const values = before === undefined ? undefined : { before, after: null };
  await settleJob(stored, { state: 'failed', reason, values }, settings, ports);
}
