import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { carryOut, factsChanged, waitUntil } from './carry-out.ts';
import { askForApproval } from './ask-for-approval.ts';
import { findingRefusal } from './finding-refusal.ts';
import { isForSameAccounts } from './job.ts';
import { notBegun } from './job-progress.ts';
import { modeOf } from './job-of-plan.ts';
import { lookAfter } from './look-after.ts';
import { lookForOverwritten } from './look-for-overwritten.ts';
import { madeElsewhere } from './made-elsewhere.ts';
import { mayRun } from './may-run.ts';
import { misfitOf } from './misfit-of.ts';
import { planAgain } from './plan-again.ts';
import { planUndo } from './plan-undo.ts';
import type { PlannedCall, RemediationPlan } from './plan.ts';
import { bringBack, comingBack, mostTries, pauseAfter } from './put-off-job.ts';
import { asRecorded } from './record-write.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts, type Step, UnknownJob } from './remediate-ports.ts';
import { samePlan } from './same-plan.ts';
import { scopeRefusal } from './scope-refusal.ts';
import { type Ending, settleJob, tellJob } from './settle-job.ts';

/**
 * Carries out a job by its id. The message's own plan is never looked at: the stored job is planned again from facts read
 * now, and only an equal plan goes on, under this app's own settings. Running it again after a crash finds what was done.
 * The auditor writes jobs too: what was decided, asked for and written is read where it cannot write.
 * @throws UnknownJob, and whatever a read or write threw that trying again may mend.
 */
export async function remediate(jobId: string, settings: Settings, ports: RemediatePorts): Promise<Remediated> {
  const found = await ports.jobs.find(jobId);
  if (found?.job.jobId !== jobId)
    throw new UnknownJob(`No remediation job ${jobId} is stored; jobs enter through the outbox only`);
  const stored = await asRecorded(found, ports);
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
  if (write !== null && call !== undefined) return lookAfter(stored, { call, progress, write }, settings, ports);
  if (stored.state === 'queued') return { go: stored };
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
  const not = await mayRun(stored, settings, ports);
  if (not?.kind === 'awaits') return { end: await askForApproval(stored, not.why, ports) };
  if (not !== null) return end({ state: 'refused', reason: not.why, passes: not.passes });
  const outside = await scopeRefusal(job, ports.inScope);
  if (outside !== null) return end({ state: 'refused', reason: outside });
  if (job.undoOf !== undefined) return mayTakeBack(stored, job.undoOf, settings, ports);
  const again = await planAgain(stored, settings, ports);
  if ('waits' in again) return { end: await waitForFacts(stored, again.waits, settings, ports) };
  if (again.plan === null) {
    const reason = again.why === null ? factsChanged : `${factsChanged}. ${again.why}`;
    return end({ state: 'refused', reason, followUp: 'plan-anew' });
  }
  const { plan } = again;
  const [call] = plan.calls;
  if (call === undefined || !samePlan(plan, job.plan)) {
    return end({ state: 'refused', reason: factsChanged, followUp: 'plan-anew' });
  }
  if (job.dryRun || modeOf(plan.action, settings) === 'dry-run') {
    return end({ state: 'dry-run', reason: `Would do: ${wordsOf(plan)}` });
  }
  const made = await madeElsewhere(job, plan, again.directory, ports);
  if (made !== null && 'waits' in made) return { end: await waitForFacts(stored, made.waits, settings, ports) };
  if (made !== null) return end({ state: 'refused', reason: made.refused });
  const decided = misfitOf(plan, 'do') ?? (await findingRefusal(job, ports.findings));
  if (decided !== null) return end({ state: 'refused', reason: decided });
  const hidden = call.method === 'POST' ? await whyMayBeThere(job.jobId, plan, ports) : null;
  return hidden === null ? { call } : { end: await waitForFacts(stored, hidden, settings, ports) };
}

/** Entra shows a change within a minute or two (domain facts 5), here with room to spare. */
const shownAfterMs = 5 * 60_000;

/** Why what a call makes may be there already though nothing shows it: another job made it just now. Null: nothing speaks for it. */
async function whyMayBeThere(
  jobId: string,
  { action, target }: RemediationPlan,
  { records, now }: Pick<RemediatePorts, 'records' | 'now'>,
): Promise<string | null> {
  const latest = await records.latest(action, target.id);
  if (latest === null || latest.jobId === jobId || latest.undoOf !== null) return null;
  if (now() - latest.at >= shownAfterMs) return null;
  return `Job ${latest.jobId} wrote the same at ${new Date(latest.at).toISOString()}, which may not be to be seen yet`;
}

/** The same for one that takes another back: its plan is that of the record, as the facts are now. */
async function mayTakeBack(
  stored: StoredJob,
  undoOf: string,
  settings: Settings,
  ports: RemediatePorts,
): ReturnType<typeof mayGoOn> {
  const refuse = async (reason: string) => ({
    end: await settleJob(stored, { state: 'refused', reason }, settings, ports),
  });
  const { job } = stored;
  const found = await ports.records.find(undoOf);
  if (found === null) return refuse(`What job ${undoOf} wrote is not recorded; take it back by hand`);
  const { record } = found;
  if (record.tenantId !== job.tenantId || !isForSameAccounts(record, job)) return refuse(otherUndo);
  const again = await planUndo(record, settings, ports.facts);
  if (again.kind === 'waits') return { end: await waitForFacts(stored, again.why, settings, ports) };
  if (again.kind !== 'plan') return refuse(again.why);
  const { plan } = again;
  const [call] = plan.calls;
  if (call === undefined || !samePlan(plan, job.plan)) return refuse(otherUndo);
  const misfit = misfitOf(plan, 'undo');
  return misfit === null ? { call } : refuse(misfit);
}

const otherUndo =
  'What the undo was planned for is not as it is now: somebody has changed it since; look at it, and ask for the undo again';

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
  const found = await ports.jobs.find(jobId);
  if (found === null || (found.state !== 'queued' && found.state !== 'running')) return;
  const stored = await asRecorded(found, ports);
  const before = stored.progress?.write?.before;
  const values = before === undefined ? undefined : { before, after: null };
  await settleJob(stored, { state: 'failed', reason, values }, settings, ports);
}
