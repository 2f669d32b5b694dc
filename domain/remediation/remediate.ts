import type {
  FindingStore,
  FreshFacts,
  JobReport,
  JobStore,
  Messages,
  PlanExecutor,
  StoredJob,
} from '../audit/ports.ts';
import type { Actor } from '../findings/finding.ts';
import type { ActionMode, Settings } from '../model/settings.ts';
import { indexDirectory } from '../rules/directory.ts';
import { isSafe } from './actions.ts';
import { findingRefusal } from './finding-refusal.ts';
import { isSettled, type JobState, type SettledState } from './job.ts';
import { planFor, samePlan } from './plan-for.ts';
import type { RemediationPlan } from './plan.ts';

export interface RemediatePorts {
  readonly jobs: JobStore;
  /** Read, never written. */
  readonly findings: Pick<FindingStore, 'read'>;
  readonly facts: FreshFacts;
  readonly executor: PlanExecutor;
  readonly messages: Messages;
  readonly now: () => number;
  /** Object id of the identity that writes; null where it is not known. */
  readonly actor: string | null;
}

/** No job of this id was ever stored: whoever sent the message is not our dispatcher. */
export class UnknownJob extends Error {
  override readonly name = 'UnknownJob';
}

export interface Remediated {
  readonly state: JobState | 'already-settled' | 'claimed-elsewhere';
  readonly reason: string | null;
}

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
    await tell(stored, stored.state, stored.report?.reason ?? null, settings, ports);
    return { state: 'already-settled', reason: null };
  }
  const { job } = stored;
  const refusal = refusalOf(stored, settings, ports.now());
  if (refusal !== null) return settle(stored, 'refused', refusal, null, settings, ports);
  const { plan: planned } = job;
  const plan = await planAgain(stored, ports);
  if (plan === null && stored.state === 'running' && (await isInEffect(planned, ports))) {
    return settle(stored, 'done', 'Found in effect when the job was taken up again', null, settings, ports);
  }
  if (plan === null || !samePlan(plan, planned)) {
    return settle(
      stored,
      'refused',
      'The facts have changed since the job was planned; the account is audited again',
      null,
      settings,
      ports,
    );
  }
  if (job.dryRun || modeOf(planned.action, settings) === 'dry-run') {
    return settle(
      stored,
      'dry-run',
      `Would do: ${planned.calls.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
      null,
      settings,
      ports,
    );
  }
  // As late as can be before the write: what a person decided meanwhile counts.
  const decided = await findingRefusal(job, ports.findings);
  if (decided !== null) return settle(stored, 'refused', decided, null, settings, ports);
  const claimed = await ports.jobs.move(stored, 'running', null);
  if (claimed === null) return { state: 'claimed-elsewhere', reason: null };
  return carryOut(claimed, settings, ports);
}

/** Why this app's own settings, or the job's age, forbid it; null when nothing does. */
function refusalOf({ job, state }: StoredJob, settings: Settings, now: number): string | null {
  const { action } = job.plan;
  const mode = modeOf(action, settings);
  if (mode === 'off') return `The action ${action} is switched off in the remediator's settings`;
  if (now >= job.expiresAt && state === 'queued')
    return 'The job has expired; the next audit plans it anew if it is still needed';
  if (job.approvalRequired || mode === 'approve') return 'The job needs an approval, and none is recorded';
  if (mode === 'auto' && !isSafe(action)) return `The action ${action} is not safe enough to run by itself`;
  return null;
}

/** What settings do not name is only told, never done. */
function modeOf(action: string, settings: Settings): ActionMode {
  return settings.remediation[action] ?? 'dry-run';
}

/** Whether a job that was begun has been done: that no plan is left may also mean that something was not read. */
async function isInEffect({ calls }: RemediationPlan, ports: RemediatePorts): Promise<boolean> {
  for (const call of calls) {
    if ((await ports.executor.check(call)).holds) return false;
  }
  return true;
}

async function planAgain({ job }: StoredJob, ports: RemediatePorts): Promise<RemediationPlan | null> {
  const [about] = job.accounts;
  if (about === undefined) return null;
  const reading = await ports.facts.account(about.id);
  if (reading.state === 'unreadable') {
    throw new Error(`${about.id} could not be read through ARM (${reading.gap.reason}); the job ${job.jobId} waits`);
  }
  if (reading.state === 'absent') return null;
  return planFor(job.rule, reading.account, indexDirectory((await ports.facts.shared()).directory));
}

async function carryOut(claimed: StoredJob, settings: Settings, ports: RemediatePorts): Promise<Remediated> {
  const before: unknown[] = [];
  const after: unknown[] = [];
  for (const call of claimed.job.plan.calls) {
    const precondition = await ports.executor.check(call);
    if (!precondition.holds) {
      const report = { before: precondition.found, after: null };
      const reason = 'What the job was to change is not as it was planned against';
      return settle(claimed, 'refused', reason, report, settings, ports);
    }
    before.push(precondition.found);
    after.push(await ports.executor.execute(call));
  }
  return settle(claimed, 'done', null, { before, after }, settings, ports);
}

async function settle(
  stored: StoredJob,
  state: SettledState,
  reason: string | null,
  values: { readonly before: unknown; readonly after: unknown } | null,
  settings: Settings,
  ports: RemediatePorts,
): Promise<Remediated> {
  const report: JobReport = {
    at: ports.now(),
    reason,
    before: values?.before ?? null,
    after: values?.after ?? null,
    actor: ports.actor,
  };
  const moved = await ports.jobs.move(stored, state, report);
  if (moved === null) return { state: 'claimed-elsewhere', reason: null };
  await tell(moved, state, reason, settings, ports);
  return { state, reason };
}

/** Reports the result and queues the audit that verifies; safe to repeat, since the message ids are the job's own. */
async function tell(
  { job, report }: StoredJob,
  state: JobState,
  reason: string | null,
  settings: Settings,
  ports: RemediatePorts,
): Promise<void> {
  if (!isSettled(state)) return;
  await ports.messages.result(job, state, reason, report?.at ?? ports.now());
  if (state === 'dry-run') return;
  // What is found after a job that changed nothing, or that may have, is nobody's known doing.
  const actor: Actor =
    state === 'done' ? { kind: 'application', objectId: ports.actor } : { kind: 'unknown', objectId: null };
  await ports.messages.auditWork(
    job.accounts.map(({ id }, index) => ({
      messageId: `verify:${job.jobId}:${String(job.attempt)}:${String(index)}`,
      work: {
        kind: 'account',
        accountId: id,
        cause: { kind: 'verification', id: job.jobId, actor },
      },
      // The directory replicates; what a write changed may not be read at once.
      notBefore: ports.now() + settings.watch.debounceSeconds * 1000,
    })),
  );
}

/** Gives a job up after its last delivery: it is failed, told, and its accounts are audited again. */
export async function giveUp(jobId: string, reason: string, settings: Settings, ports: RemediatePorts): Promise<void> {
  const stored = await ports.jobs.find(jobId);
  if (stored === null || (stored.state !== 'queued' && stored.state !== 'running')) return;
  await settle(stored, 'failed', reason, null, settings, ports);
}
