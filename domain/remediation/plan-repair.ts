import { isRepairOver } from '../audit/repair-jobs.ts';
import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import { fittingPlan, type PlanRepairPorts, type RepairRequest } from './fitting-plan.ts';
import { modeOf } from './job-of-plan.ts';
import { keepPlanned, none, type RepairPlanned } from './keep-planned.ts';
import { actionsOf, isMendedBy, type Repair, repairKey } from './repair.ts';

/** Findings that the same repair mends are still coming: it is planned when they are there. */
export class FindingsStillComing extends Error {
  override readonly name = 'FindingsStillComing';
}

/** A run that takes longer is not waited for. */
const longestRunMs = 2 * 3_600_000;
/** Times that planning waits for a burst to end, each twice as long as the one before (`putOff`): some four minutes. */
const longestBurst = 8;

/**
 * Plans one repair for all open findings that it mends: one job for a policy, however many accounts it breaks. All is read
 * afresh, so that planning again makes the same job or, where what is stored rests on older facts, a younger attempt. What
 * comes of it leaves through the outbox.
 * @throws FindingsStillComing and PlanUnreadable, which pass.
 */
export async function planRepair(
  request: RepairRequest,
  settings: Settings,
  ports: PlanRepairPorts,
): Promise<RepairPlanned> {
  const { repair } = request;
  if (actionsOf(repair).every((action) => modeOf(action, settings) === 'off')) {
    return none(`Settings switch ${actionsOf(repair).join(' and ')} off`);
  }
  const findings = await openFindings(repair, ports);
  if (findings.length === 0) return none('No open finding calls for it any more');
  await refuseTooEarly(request, findings, settings, ports);
  const about = { findings, request, settings, ports };
  return keepPlanned(await fittingPlan(about), about);
}

/** What a person knows of is mended too, and what a job that is over was to mend; what is waived, or being mended, is not. By id. */
async function openFindings(repair: Repair, { findings, jobs, now }: PlanRepairPorts): Promise<readonly Finding[]> {
  const open: Finding[] = [];
  for await (const finding of findings.list('open', 'acknowledged', 'remediating')) {
    if (!isMendedBy(repair, finding)) continue;
    if (finding.state !== 'remediating' || (await isRepairOver(finding, jobs, now()))) open.push(finding);
  }
  return open.sort((a, b) => byCodeUnit(a.id, b.id) || byCodeUnit(a.account?.key ?? '', b.account?.key ?? ''));
}

/** A run's shards, and the accounts that one change touched, are audited one after another: one planning is for them all. */
async function refuseTooEarly(
  { repair, correlationId, putOff = 0 }: RepairRequest,
  findings: readonly Finding[],
  settings: Settings,
  ports: PlanRepairPorts,
): Promise<void> {
  const now = ports.now();
  // Looked for among the latest: an event's id is no key that runs could be asked for.
  const run = (await ports.runs.latest(5)).find(({ id }) => id === correlationId);
  if (run?.finishedAt === null && now - run.startedAt < longestRunMs) {
    throw new FindingsStillComing(`Run ${run.id} is not finished, and may find more for ${repairKey(repair)}`);
  }
  const youngest = Math.max(...findings.map(({ changedAt }) => changedAt));
  if (putOff < longestBurst && now - youngest < settings.watch.debounceSeconds * 1000) {
    throw new FindingsStillComing(`Findings for ${repairKey(repair)} changed just now, and more may come`);
  }
}
