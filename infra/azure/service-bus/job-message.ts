import type { ServiceBusMessage } from '@azure/service-bus';
import type { JobDelivery } from '../../../domain/audit/ports.ts';
import { jobMessageId, jobSessionId, type RemediationJob } from '../../../domain/remediation/job.ts';
import { sha256 } from '../../digest.ts';
import { cloudEventContentType } from '../../messages/cloud-event.ts';
import { type JobApproval, jobEvent, jobSchemaVersion, jobSubject } from '../../messages/job.ts';

/** The service's limit on ids. */
const idLimit = 128;

/**
 * A job as it is sent (contracts, Remediation job): broker properties, application properties, body.
 * @param approval null only for a job that needs none.
 * @param again the same attempt comes again: at a time, for whoever put it off, or since its message may be lost
 * @throws JobNotApproved, MessageMalformed
 */
export function jobMessage(
  job: RemediationJob,
  approval: JobApproval | null,
  { againAt, resent }: Omit<JobDelivery, 'approval'> = {},
): ServiceBusMessage {
  const first = jobMessageId(job, sha256);
  // The broker would take the same id for a duplicate and drop it.
  const comesFor = againAt ?? (resent === undefined ? null : `resent ${String(resent)}`);
  const messageId = comesFor === null ? first : sha256(JSON.stringify([first, comesFor]));
  const notBefore = againAt ?? job.notBefore;
  return {
    messageId,
    sessionId: jobSessionId(job, sha256),
    subject: jobSubject,
    correlationId: brokerId(job.correlationId),
    contentType: cloudEventContentType,
    applicationProperties: {
      schemaVersion: jobSchemaVersion,
      rule: job.rule,
      action: job.plan.action,
      risk: job.plan.risk,
      subscriptionId: subscriptionOf(job),
      dryRun: job.dryRun,
    },
    body: jobEvent(job, messageId, approval),
    ...(notBefore > job.createdAt ? { scheduledEnqueueTimeUtc: new Date(notBefore) } : {}),
  };
}

/** The id itself, or what stands for it where the service would not take it. */
export function brokerId(id: string): string {
  return id.length > idLimit ? sha256(id) : id;
}

/** The one subscription that the job's accounts are in; `-` when there are several, for a filter matches one at most. */
function subscriptionOf({ accounts }: RemediationJob): string {
  const ids = new Set(accounts.map(({ id }) => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase()));
  const [only] = ids;
  return ids.size === 1 && only !== undefined ? only : '-';
}
