import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { Directory } from '../rules/directory.ts';
import { isForSameAccounts } from './job.ts';
import { planOfRepair, PlanUnreadable } from './plan-of-repair.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import type { RemediationPlan } from './plan.ts';
import { exclusionOf } from './repair.ts';
import { repairOfJob } from './repair-work.ts';

/**
 * The plan as the facts of now give it, and the directory it rests on: null where they give none, and then why in a sentence,
 * where that is known; `waits` where they could not be read just now.
 */
export type PlannedAgain =
  | { readonly plan: RemediationPlan; readonly directory: Directory }
  | { readonly plan: null; readonly why: string | null }
  | { readonly waits: string };

/** Plans what a repair was planned for once more; an undo is planned from a record (`plan-undo.ts`). */
export async function planAgain(
  { job }: StoredJob,
  settings: Settings,
  ports: Pick<RemediatePorts, 'facts' | 'tenantFacts' | 'now'>,
): Promise<PlannedAgain> {
  const repair = repairOfJob(job);
  if (repair === null) return { plan: null, why: null };
  const mended = {
    accountIds: job.accounts.map(({ id }) => id),
    appIds: job.findings.flatMap(({ id }) => exclusionOf(id.split('/').at(-1) ?? '')?.appId ?? []),
  };
  try {
    const { planned, tenantId, directory } = await planOfRepair(repair, mended, settings, ports);
    // A job of another tenant, or for other accounts than its plan mends, is none of ours, whoever put it there.
    if (tenantId !== job.tenantId) return { plan: null, why: 'It is of another tenant' };
    if (planned.kind !== 'plan') return { plan: null, why: planned.kind === 'manual' ? planned.task.why : planned.why };
    if (!isForSameAccounts(planned, job)) return { plan: null, why: 'It is for other accounts than its plan mends' };
    return { plan: planned.plan, directory };
  } catch (error) {
    if (error instanceof PlanUnreadable) return { waits: error.message };
    throw error;
  }
}
