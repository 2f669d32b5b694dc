import type { JobStore, StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import type { Directory } from '../rules/directory.ts';
import { planOfRepair, PlanUnreadable } from './plan-of-repair.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import type { RemediationPlan } from './plan.ts';
import { exclusionOf } from './repair.ts';
import { repairOfJob } from './repair-work.ts';
import { undoPlanOf } from './undo-plan.ts';

/** The plan as the facts of now give it, and the directory it rests on (none for an undo): null where they give none, `waits` where they could not be read just now. */
export type PlannedAgain =
  { readonly plan: RemediationPlan | null; readonly directory?: Directory | undefined } | { readonly waits: string };

/** Plans what the job was planned for once more: an undo from the record of the job that it takes back. */
export async function planAgain(
  { job }: StoredJob,
  settings: Settings,
  ports: Pick<RemediatePorts, 'facts' | 'tenantFacts' | 'now'> & { readonly jobs: Pick<JobStore, 'find'> },
): Promise<PlannedAgain> {
  if (job.undoOf !== undefined) {
    const undone = await ports.jobs.find(job.undoOf);
    return { plan: undone?.state === 'done' ? undoPlanOf(undone) : null };
  }
  const repair = repairOfJob(job);
  if (repair === null) return { plan: null };
  const mended = {
    accountIds: job.accounts.map(({ id }) => id),
    appIds: job.findings.flatMap(({ id }) => exclusionOf(id.split('/').at(-1) ?? '')?.appId ?? []),
  };
  try {
    const { planned, tenantId, directory } = await planOfRepair(repair, mended, settings, ports);
    // A job of another tenant is none of ours, whoever put it there.
    return { plan: planned.kind === 'plan' && tenantId === job.tenantId ? planned.plan : null, directory };
  } catch (error) {
    if (error instanceof PlanUnreadable) return { waits: error.message };
    throw error;
  }
}
