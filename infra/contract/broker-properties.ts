import { actionRisks } from '../../domain/remediation/actions.ts';
import { cloudEventContentType } from '../messages/cloud-event.ts';
import { jobSubject } from '../messages/job.ts';
import { resultSubject } from '../messages/result.ts';
import type { JsonObject, PublishedMessage } from './message-schemas.ts';

const hash = '^[0-9a-f]{64}$';
const contentType = { type: 'string', const: cloudEventContentType };
const correlationId = text('What led to it: the id of a run, an event or a job.', { maxLength: 128 });
const times = { type: 'number', description: 'Epoch milliseconds.' };

/**
 * What Service Bus carries beside the body, by message: its own properties under the names that the SDKs give them, and the
 * application properties, by which a subscription can filter.
 */
export const brokerProperties: Readonly<Record<PublishedMessage | 'rejected', JsonObject>> = {
  'remediation.requested.v1': object(
    {
      messageId: text('The job in this attempt, with what it would write; the same as id of the body.', {
        pattern: hash,
      }),
      sessionId: text('Jobs that write the same object come one after another.', { pattern: hash }),
      subject: { type: 'string', const: jobSubject },
      correlationId,
      contentType,
      applicationProperties: object(
        {
          schemaVersion: text('Another major version is another contract: refuse it.', { pattern: '^1\\.\\d+$' }),
          rule: text('Rule of the findings.'),
          action: text(`One of ${Object.keys(actionRisks).join(', ')}, or one of a later version.`),
          risk: text('safe, disruptive or weakens-security.'),
          subscriptionId: text('The one subscription of the accounts; - where there are several.'),
          dryRun: { type: 'boolean' },
        },
        ['schemaVersion', 'rule', 'action', 'risk', 'subscriptionId', 'dryRun'],
      ),
    },
    ['messageId', 'sessionId', 'subject', 'correlationId', 'contentType', 'applicationProperties'],
  ),
  'remediation.completed.v1': object(
    {
      messageId: text('The same for the same result of the same attempt.', { maxLength: 128 }),
      subject: { type: 'string', const: resultSubject },
      correlationId: { ...correlationId, description: 'That of the job.' },
      contentType,
    },
    ['messageId', 'contentType'],
  ),
  'drift.v1': object(
    {
      messageId: text('Of the alert: a finding and the number of its transition, or a hash of both.', {
        maxLength: 128,
      }),
      contentType,
      applicationProperties: object(
        {
          plane: text('storage or directory: where the change was seen.'),
          changedAt: times,
          changedAtIs: text('known, or not-before.'),
          receivedAt: times,
          dueAt: times,
        },
        [],
      ),
    },
    ['messageId', 'contentType'],
  ),
  rejected: object(
    {
      messageId: text('The same for the same message refused for the same reason.', { pattern: hash }),
      contentType: text('Of the original, as far as it could be read.'),
      applicationProperties: object(
        {
          reason: text('Why it was refused, for a person.', { maxLength: 4000 }),
          source: text('The queue or the trigger that it came from.', { maxLength: 4000 }),
          truncated: { type: 'boolean', description: 'Whether the body was cut.' },
          originalBytes: { type: 'integer', description: 'How long the body was before.' },
        },
        ['reason', 'source'],
      ),
    },
    ['messageId', 'contentType', 'applicationProperties'],
  ),
};

function object(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function text(description: string, limits: JsonObject = {}): JsonObject {
  return { type: 'string', ...limits, description };
}
