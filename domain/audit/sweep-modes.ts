import type { Finding } from '../findings/finding.ts';
import type { ActionMode, Settings } from '../model/settings.ts';
import { actionRisks } from '../remediation/actions.ts';
import { modeOf } from '../remediation/job-of-plan.ts';
import type { Digest } from '../remediation/job.ts';
import { actionsOf, repairsOf } from '../remediation/repair.ts';
import { planOpenWork } from '../remediation/repair-work.ts';
import type { FindingStore, Messages, QueuedWork, SweepLog } from './ports.ts';

export interface PlanSwitchedOnPorts {
  readonly findings: Pick<FindingStore, 'list'>;
  readonly messages: Pick<Messages, 'auditWork'>;
  readonly sweeps: Pick<SweepLog, 'under' | 'mark' | 'forget'>;
  readonly now: () => number;
  readonly digest: Digest;
}

/** Modes in which an action is carried out. */
const onModes: readonly ActionMode[] = ['approve', 'auto'];
const mark = 'switched-on';

/**
 * Where settings switch an action on, has planned what is open already and calls for it, once for each change of its mode:
 * what had a dry run, what the first audit opened, and what opened while the action was off. Audits see no transition there
 * any more. Where a job stands, or a person ended one, nothing comes of it.
 */
export async function planSwitchedOn(settings: Settings, ports: PlanSwitchedOnPorts): Promise<readonly string[]> {
  const said = await ports.sweeps.under(mark);
  const switchedOn: { readonly action: string; readonly key: string }[] = [];
  for (const action of Object.keys(actionRisks)) {
    const mode = modeOf(action, settings);
    for (const left of onModes.filter((on) => on !== mode).map((on) => keyOf(action, on))) {
      // It may come back.
      if (said.has(left)) await ports.sweeps.forget(left);
    }
    const key = keyOf(action, mode);
    if (onModes.includes(mode) && !said.has(key)) switchedOn.push({ action, key });
  }
  if (switchedOn.length === 0) return [];
  const open = await Array.fromAsync(ports.findings.list('open', 'acknowledged'));
  const done: string[] = [];
  for (const { action, key } of switchedOn) {
    const works = worksFor(action, open, key, ports.digest);
    if (works.length > 0) await ports.messages.auditWork(works);
    // After it was queued: what a crash cut short is queued again, as the same messages.
    await ports.sweeps.mark(key, ports.now());
    if (works.length > 0)
      done.push(`Action ${action} was switched on: ${String(works.length)} repairs are planned anew`);
  }
  return done;
}

/** Under what the change of an action's mode is marked. */
function keyOf(action: string, mode: ActionMode): string {
  return [mark, action, mode].join('~');
}

function worksFor(action: string, open: readonly Finding[], key: string, digest: Digest): readonly QueuedWork[] {
  const repairs = open.flatMap(repairsOf).filter((repair) => actionsOf(repair).includes(action));
  const works = repairs.map((repair) => planOpenWork(repair, key, key, digest));
  return [...new Map(works.map((work) => [work.messageId, work])).values()];
}
