import type { Directory } from '../rules/directory.ts';
import { storageResourceProvider } from '../rules/app-management-policy-allows-rotation.ts';
import { makerOf } from './app-maker.ts';
import { appsOfPlan } from './apps-of-plan.ts';
import type { RemediationJob } from './job.ts';
import type { RemediationPlan } from './plan.ts';
import type { RemediatePorts } from './remediate-ports.ts';

/**
 * Why a job that no person approves must not write: Entra's records name somebody as the maker of an app who is not the
 * storage provider. That the provider acts in its own name is inferred, not documented, so that a person may decide
 * otherwise; and nobody is named for an app that is older than the records, so that unknown stops nothing. null: go on.
 */
export async function madeElsewhere(
  { approvalRequired }: RemediationJob,
  plan: RemediationPlan,
  directory: Directory,
  { changeLog, now }: Pick<RemediatePorts, 'changeLog' | 'now'>,
): Promise<{ readonly refused: string } | { readonly waits: string } | null> {
  if (approvalRequired) return null;
  const own = directory.principalsByAppId(storageResourceProvider).map(({ id }) => id);
  const provider = new Set([storageResourceProvider, ...own]);
  for (const app of appsOfPlan(plan, directory)) {
    const maker = await makerOf(app, provider, (ids, since) => changeLog.ofDirectory(ids, since), now());
    if (maker.kind === 'not-yet') return { waits: maker.why };
    if (maker.kind === 'somebody') {
      const who = `${maker.by.kind} ${maker.by.objectId ?? 'unnamed'}`;
      return {
        refused: `Entra's audit records say that ‹${app.displayName}› (${app.appId}) was made by ${who} on ${new Date(maker.at).toISOString()}, and not by the storage provider: find out whether it is the account's; then set the action to approve, so that a person decides`,
      };
    }
  }
  return null;
}
