import type { Effect } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import type { Directory } from '../rules/directory.ts';
import { alongside } from './alongside.ts';
import type { Digest } from './job.ts';
import { manual } from './planned.ts';
import { taskForTenantRule } from './runbooks/for-rule.ts';

/**
 * What leaves with findings about the tenant: the task where a rule has no action, and for exclusions that are left over the
 * planning of their policy, which reads what a plan for one needs.
 */
export function tenantAlongside(
  directory: Directory,
  correlationId: string,
  settings: Settings,
  { now, digest }: { readonly now: number; readonly digest: Digest },
): (finding: Finding) => readonly Effect[] {
  return (finding) => {
    const { rule, subject, title } = finding;
    const task = subject === null ? null : taskForTenantRule(rule, subject, directory, title);
    const planned = task === null ? null : manual(task);
    return alongside({ finding, planned, directory, settings, now, correlationId, digest });
  };
}
