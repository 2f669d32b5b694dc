import type { ServiceBusMessage } from '@azure/service-bus';
import type { Messages } from '../../../domain/audit/ports.ts';
import { jobMessageId, jobSessionId, type RemediationJob } from '../../../domain/remediation/job.ts';
import { sha256 } from '../../digest.ts';
import { alertEvent } from '../../messages/alert.ts';
import { alertCauses } from '../../messages/alert-causes.ts';
import { auditWorkMessage } from '../../messages/audit-work.ts';
import { cloudEventContentType } from '../../messages/cloud-event.ts';
import { jobEvent } from '../../messages/job.ts';
import { resultEvent } from '../../messages/result.ts';
import { queues, topics } from '../../names.ts';
import type { ServiceBusConnection } from './connection.ts';
import { rejectedBody } from './rejected-body.ts';
import { sendAll } from './send-all.ts';

/** The service's limit on ids. */
const idLimit = 128;
/** Properties and headers of a message share 64 KB. */
const reasonLimit = 4000;

/**
 * The queues and topics on Service Bus. Every member throws `BrokerUnreachable` when the broker does not answer.
 * @param tenantId whose messages these are: the source that events name.
 */
export function createMessages(connection: ServiceBusConnection, tenantId: string): Messages {
  return {
    async auditWork(work) {
      await sendAll(
        connection.sender(queues.auditWork),
        work.map(({ messageId, work: body, notBefore }) => ({
          messageId: idOf(messageId),
          contentType: 'application/json; charset=utf-8',
          body: auditWorkMessage(body),
          ...(notBefore === null ? {} : { scheduledEnqueueTimeUtc: new Date(notBefore) }),
        })),
      );
    },
    async job(job) {
      await connection.sender(queues.remediationJobs).send(jobMessage(job));
    },
    async alert(alert) {
      await connection.sender(topics.driftAlerts).send({
        messageId: idOf(alert.id),
        contentType: cloudEventContentType,
        body: alertEvent(alert, tenantId),
        ...(alert.events === undefined ? {} : { applicationProperties: alertCauses(alert.events) }),
      });
    },
    async result({ jobId, attempt, correlationId, tenantId: jobTenantId }, outcome, reason, at) {
      const messageId = sha256(JSON.stringify([jobId, attempt, outcome]));
      await connection.sender(queues.remediationResults).send({
        messageId,
        correlationId: idOf(correlationId),
        subject: 'remediation.completed',
        contentType: cloudEventContentType,
        body: resultEvent({ jobId, outcome, reason, at }, messageId, jobTenantId),
      });
    },
    async reject(source, reason, original) {
      const { bytes, contentType, originalBytes, truncated } = rejectedBody(original);
      await connection.sender(queues.rejected).send({
        messageId: sha256(JSON.stringify([source, reason, bytes.toString('base64')])),
        contentType,
        body: bytes,
        applicationProperties: {
          reason: reason.slice(0, reasonLimit),
          source: source.slice(0, reasonLimit),
          ...(truncated ? { truncated, originalBytes } : {}),
        },
      });
    },
  };
}

/** contracts, Remediation job: broker properties, application properties, body. */
function jobMessage(job: RemediationJob): ServiceBusMessage {
  const messageId = jobMessageId(job, sha256);
  return {
    messageId,
    sessionId: jobSessionId(job, sha256),
    subject: 'remediation.requested',
    correlationId: idOf(job.correlationId),
    contentType: cloudEventContentType,
    applicationProperties: {
      schemaVersion: '1.0',
      rule: job.rule,
      action: job.plan.action,
      risk: job.plan.risk,
      subscriptionId: subscriptionOf(job),
      dryRun: job.dryRun,
    },
    body: jobEvent(job, messageId, null),
    ...(job.notBefore > job.createdAt ? { scheduledEnqueueTimeUtc: new Date(job.notBefore) } : {}),
  };
}

/** The one subscription that the job's accounts are in; `-` when there are several, for a filter matches one at most. */
function subscriptionOf({ accounts }: RemediationJob): string {
  const ids = new Set(accounts.map(({ id }) => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase()));
  const [only] = ids;
  return ids.size === 1 && only !== undefined ? only : '-';
}

/** The id itself, or what stands for it where the service would not take it. */
function idOf(id: string): string {
  return id.length > idLimit ? sha256(id) : id;
}
