import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import type { Resources } from '../rules/resources.ts';
import type { Digest, RemediationJob } from './job.ts';
import { jobOfPlan } from './job-of-plan.ts';
import { planFor } from './plan-for.ts';

export interface JobRequest {
  readonly finding: Finding;
  readonly account: StorageAccount;
  readonly directory: Directory;
  readonly resources: Resources;
  readonly settings: Settings;
  /** Epoch milliseconds, UTC. */
  readonly now: number;
  /** Run or event that led to the finding. */
  readonly correlationId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly digest: Digest;
}

/**
 * The job that mends a finding; null where the action is switched off, where nothing can be done by itself, or where the
 * facts do not allow a plan.
 */
export function remediationJobFor(request: JobRequest): RemediationJob | null {
  const { finding, account, directory, resources, settings, now } = request;
  if (finding.outcome !== 'fail') return null;
  const planned = planFor(finding.rule, { account, directory, resources, settings, now });
  if (planned.kind !== 'plan') return null;
  return jobOfPlan(planned, {
    ...request,
    tenantId: directory.facts.tenantId,
    rule: finding.rule,
    findings: [{ id: finding.id, episode: finding.episode }],
  });
}
