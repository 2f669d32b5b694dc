import type { Messages } from '../../../domain/audit/ports.ts';
import { sha256 } from '../../digest.ts';
import { alertEvent } from '../../messages/alert.ts';
import { alertCauses } from '../../messages/alert-causes.ts';
import { auditWorkMessage } from '../../messages/audit-work.ts';
import { cloudEventContentType } from '../../messages/cloud-event.ts';
import { resultEvent, resultSubject } from '../../messages/result.ts';
import { queues, topics } from '../../names.ts';
import type { ServiceBusConnection } from './connection.ts';
import { brokerId, jobMessage } from './job-message.ts';
import { rejectedBody } from './rejected-body.ts';
import { sendAll } from './send-all.ts';

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
          messageId: brokerId(messageId),
          contentType: 'application/json; charset=utf-8',
          body: auditWorkMessage(body),
          ...(notBefore === null ? {} : { scheduledEnqueueTimeUtc: new Date(notBefore) }),
        })),
      );
    },
    async job(job, { approval = null, ...again } = {}) {
      await connection.sender(queues.remediationJobs).send(jobMessage(job, approval, again));
    },
    async alert(alert) {
      await connection.sender(topics.driftAlerts).send({
        messageId: brokerId(alert.id),
        contentType: cloudEventContentType,
        body: alertEvent(alert, tenantId),
        ...(alert.events === undefined ? {} : { applicationProperties: alertCauses(alert.events) }),
      });
    },
    async result({ jobId, attempt, correlationId, tenantId: jobTenantId }, outcome, reason, at) {
      const messageId = sha256(JSON.stringify([jobId, attempt, outcome]));
      await connection.sender(queues.remediationResults).send({
        messageId,
        correlationId: brokerId(correlationId),
        subject: resultSubject,
        contentType: cloudEventContentType,
        body: resultEvent({ jobId, outcome, reason, at }, messageId, jobTenantId),
      });
    },
    async reject(source, reason, original, messageId = '') {
      const { bytes, contentType, originalBytes, truncated } = rejectedBody(original);
      await connection.sender(queues.rejected).send({
        // Whoever sends it again sends another message, which may be refused for the same reason and is kept then too.
        messageId: sha256(JSON.stringify([source, reason, bytes.toString('base64'), messageId])),
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
