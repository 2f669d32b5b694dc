import type { Effect } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import { type About, fittingPlan } from './fitting-plan.ts';
import type { RemediationJob } from './job.ts';
import { heldIfTakenBack } from './held-if-taken-back.ts';
import { jobOfPlan } from './job-of-plan.ts';
import { nextAttempt } from './next-attempt.ts';
import type { PlannedRepair } from './plan-of-repair.ts';
import type { PlanMade } from './planned.ts';
import { exclusionOf } from './repair.ts';
import { placeOfFinding, placeOfRepair, type RepairTask, sameTask, taskDigest } from './repair-task.ts';
import { planAnewWork, planStillOpenWork, repairQueuedWork } from './repair-work.ts';
import type { ManualTask } from './runbooks/task.ts';

export type RepairPlanned =
  | { readonly outcome: 'job'; readonly job: RemediationJob }
  | { readonly outcome: 'task'; readonly task: RepairTask }
  /** `why` in a sentence. */
  | { readonly outcome: 'none'; readonly why: string };

/** Stores what came of planning in the outbox: the job, or the task for a person. */
export async function keepPlanned({ tenantId, planned }: PlannedRepair, about: About): Promise<RepairPlanned> {
  switch (planned.kind) {
    case 'none':
      await keepLooking(about);
      return none(planned.why);
    case 'manual':
      return keepTasks(planned.task, about);
    case 'plan':
      await keepTasksOfOthers(planned, about);
      return keepJob(planned, tenantId, about);
  }
}

async function keepLooking({ request: { repair, correlationId }, ports }: About): Promise<void> {
  const work = planStillOpenWork(repair, correlationId, ports.now(), ports.digest);
  await ports.outbox.add(`work~${work.messageId}`, [{ kind: 'work', ...work }]);
}

async function keepJob(
  planned: PlanMade,
  tenantId: string,
  { findings, request: { correlationId }, settings, ports }: About,
): Promise<RepairPlanned> {
  const { digest } = ports;
  const now = ports.now();
  const mended = mendedBy(planned, findings);
  const [first] = mended;
  if (first === undefined) return none('The plan mends none of the findings');
  const about = mended.map(({ id, episode }) => ({ id, episode }));
  const jobIn = (attempt: number): RemediationJob | null =>
    jobOfPlan(planned, { tenantId, rule: first.rule, findings: about, settings, now, correlationId, attempt, digest });
  const next = await nextAttempt(jobIn, ports.jobs, now);
  if (next.kind === 'none') return none(next.why);
  const job = await heldIfTakenBack(next.job, ports.records);
  // With the time: the same job, planned twice at once, leaves twice, and whoever has sent the one does not remove the other.
  await ports.outbox.add(`job~${job.jobId}~${String(job.createdAt)}`, effectsOf(job));
  return { outcome: 'job', job };
}

/** Findings of one rule: a policy either asks for MFA or blocks, and what says otherwise is about to be judged again. */
function mendedBy({ accounts, leftOut }: PlanMade, findings: readonly Finding[]): readonly Finding[] {
  const keys = new Set(accounts.map(({ id }) => id.toLowerCase()));
  const left = new Set(leftOut.map(({ about }) => about));
  const mended = findings.filter(({ account, subject }) =>
    account === null ? !left.has(exclusionOf(subject)?.appId ?? '') : keys.has(account.key),
  );
  const byRule = [...Map.groupBy(mended, ({ rule }) => rule)];
  return byRule.sort(([a, some], [b, others]) => others.length - some.length || byCodeUnit(a, b))[0]?.[1] ?? [];
}

/** What waits for nobody has its findings being mended; what nobody carried out by its end is planned anew. */
function effectsOf(job: RemediationJob): readonly Effect[] {
  const anew = job.dryRun ? null : planAnewWork(job, job.expiresAt);
  const mending = job.dryRun || job.approvalRequired ? null : repairQueuedWork(job);
  const works = [mending, anew].filter((work) => work !== null);
  return [{ kind: 'job', job }, ...works.map((work) => ({ kind: 'work', ...work }) as const)];
}

/** A task for one exclusion is for the one finding alone: the others are asked about one by one. */
async function keepTasks(task: ManualTask, about: About): Promise<RepairPlanned> {
  const [first, ...others] = about.findings;
  const isForAll = about.request.repair.of !== 'exclusions' || !task.about.subject?.includes(':');
  if (first === undefined || isForAll || others.length === 0) return keepTask(task, about);
  let last: RepairPlanned = none('No exclusion was named');
  for (const finding of about.findings) {
    const alone = { ...about, findings: [finding] };
    last = await keepPlanned(await fittingPlan(alone), alone);
  }
  return last;
}

/** What a plan for exclusions leaves out for a person; that of an account was told with its own finding. */
async function keepTasksOfOthers({ leftOut }: PlanMade, about: About): Promise<void> {
  for (const { about: appId, refusal } of leftOut) {
    const finding = about.findings.find(({ subject }) => exclusionOf(subject ?? '')?.appId === appId);
    if (refusal.kind === 'manual' && finding !== undefined)
      await keepTask(refusal.task, { ...about, findings: [finding] });
  }
}

async function keepTask(
  task: ManualTask,
  { findings, request: { repair, correlationId }, ports }: About,
): Promise<RepairPlanned> {
  const [only, another] = findings;
  const where = only !== undefined && another === undefined ? placeOfFinding(only) : placeOfRepair(repair);
  const kept: RepairTask = {
    ...where,
    findings: findings.map(({ id, episode }) => ({ id, episode })),
    task,
    correlationId,
    createdAt: ports.now(),
  };
  const stored = await ports.tasks.find(kept.place, kept.topic);
  if (stored !== null && sameTask(stored, kept)) return none('The task for a person is there already');
  await ports.outbox.add(`task~${taskDigest(kept, ports.digest)}`, [{ kind: 'task', task: kept }]);
  return { outcome: 'task', task: kept };
}

export function none(why: string): RepairPlanned {
  return { outcome: 'none', why };
}
