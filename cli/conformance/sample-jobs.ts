import type { ServiceBusMessage } from '@azure/service-bus';
import { actionRisks } from '../../domain/remediation/actions.ts';
import { jobIdOf, type RemediationJob } from '../../domain/remediation/job.ts';
import type { PlannedCall, RemediationPlan } from '../../domain/remediation/plan.ts';
import { jobMessage } from '../../infra/azure/service-bus/job-message.ts';
import { sha256 } from '../../infra/digest.ts';
import type { JobEvent } from '../../infra/messages/job.ts';

/** What jobs are made of: ids that nobody has, so that neither broker nor consumer has seen one before. */
export interface Making {
  readonly tenantId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly newGuid: () => string;
}

/** A job that an auditor might have sent. */
export interface SampleJob {
  readonly job: RemediationJob;
  readonly call: PlannedCall;
  /** What the read of the call answers before, once it is in effect, and when somebody else was there first. */
  readonly answers: { readonly before: unknown; readonly after: unknown; readonly changed: unknown };
}

const hour = 3_600_000;

/** A job that grants consent, due since an hour. */
export function consentJob(making: Making, over: Partial<RemediationJob> = {}): SampleJob {
  const clientId = making.newGuid();
  const grant = {
    clientId,
    consentType: 'AllPrincipals',
    resourceId: making.newGuid(),
    scope: 'openid profile User.Read',
  };
  const filter = encodeURIComponent(`clientId eq '${clientId}'`);
  const call: PlannedCall = {
    method: 'POST',
    url: '/v1.0/oauth2PermissionGrants',
    body: grant,
    permission: 'DelegatedPermissionGrant.ReadWrite.All',
    reads: { url: `/v1.0/oauth2PermissionGrants?$filter=${filter}`, expect: { '/value': [] } },
    undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
    before: null,
    after: grant,
  };
  const plan: RemediationPlan = {
    action: 'grant-consent',
    risk: actionRisks['grant-consent'],
    target: { type: 'servicePrincipal', id: clientId, name: '[Storage Account] conformance' },
    calls: [call],
  };
  const answers = {
    before: { value: [] },
    after: { value: [{ id: 'made-by-the-recorder', ...grant }] },
    changed: { value: [{ id: 'made-by-somebody', ...grant, scope: 'openid' }] },
  };
  return { job: jobOf('consent-granted', plan, making, over), call, answers };
}

/** A job that excludes an app from a policy, which nobody approved. */
export function policyJob(making: Making, over: Partial<RemediationPlan> = {}): SampleJob {
  const id = making.newGuid();
  const excluding = (...apps: readonly string[]) => ({ conditions: { applications: { excludeApplications: apps } } });
  const url = `/v1.0/identity/conditionalAccess/policies/${id}`;
  const app = making.newGuid();
  const call: PlannedCall = {
    method: 'PATCH',
    url,
    body: excluding(app),
    permission: 'Policy.ReadWrite.ConditionalAccess',
    reads: { url, expect: { '/conditions/applications/excludeApplications': [] } },
    undo: { method: 'PATCH', url, body: excluding() },
  };
  const plan: RemediationPlan = {
    action: 'exclude-app-from-policy',
    risk: actionRisks['exclude-app-from-policy'],
    target: { type: 'conditionalAccessPolicy', id, name: 'Require MFA' },
    calls: [call],
    ...over,
  };
  const answers = {
    before: { id, ...excluding() },
    after: { id, ...excluding(app) },
    changed: { id, ...excluding(id) },
  };
  return { job: jobOf('mfa-excluded', plan, making, {}), call, answers };
}

/** The job's message; `change` makes of its event what an honest sender would not. Never scheduled: it comes at once. */
export function messageOf(
  { job }: SampleJob,
  change: (event: JobEvent) => unknown = (event) => event,
): ServiceBusMessage {
  const { scheduledEnqueueTimeUtc: _, ...message } = jobMessage(job, null);
  return { ...message, body: change(message.body as JobEvent) };
}

function jobOf(
  rule: string,
  plan: RemediationPlan,
  { tenantId, now, newGuid }: Making,
  over: Partial<RemediationJob>,
): RemediationJob {
  const id = `/subscriptions/${newGuid()}/resourceGroups/conformance/providers/Microsoft.Storage/storageAccounts/conformance`;
  const job = {
    tenantId,
    rule,
    findings: [{ id: `conformance/${rule}`, episode: 1 }],
    accounts: [{ id, name: 'conformance' }],
    plan,
    dryRun: false,
    approvalRequired: false,
    notBefore: now - hour,
    expiresAt: now + hour,
    attempt: 1,
    correlationId: 'conformance',
    createdAt: now - hour,
    ...over,
  };
  return { jobId: jobIdOf(job, sha256), ...job };
}
