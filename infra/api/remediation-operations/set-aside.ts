import { z } from 'zod';
import { requeueSetAside } from '../../../domain/remediation/requeue-set-aside.ts';
import type { SetAsideQueue } from '../../../domain/remediation/set-aside.ts';
import { namedDocuments } from '../../documents/common.ts';
import { SetAsideDocument, setAsideDocument } from '../../documents/set-aside-document.ts';
import type { Caller } from '../caller.ts';
import type { Reply } from '../operation.ts';
import { NoQuery } from '../operations/no-query.ts';
import { countTo } from '../query-values.ts';
import type { RemediationApiPorts } from '../remediation-ports.ts';
import { refused } from '../refusals.ts';
import { callerOf } from './asked-job.ts';
import { deciders, operation, readers } from './remediation-operation.ts';

const deadLetterQueues = ['remediation-jobs', 'audit-work'] as const satisfies readonly SetAsideQueue[];

export const SetAsideAnswer = z
  .object({ schema: z.literal('kerbwatch.set-aside/v1'), messages: z.array(SetAsideDocument).readonly() })
  .register(namedDocuments, { id: 'SetAside' });

export const RequeuedAnswer = z
  .object({
    schema: z.literal('kerbwatch.requeued/v1'),
    messageId: z.string().nullable().meta({ description: 'Of the work that was sent in its place; null for a job.' }),
    jobId: z.string().nullable().meta({ description: 'Of the new attempt of the job; null for work.' }),
  })
  .register(namedDocuments, { id: 'Requeued' });

const listing = {
  method: 'GET',
  role: readers,
  query: z.strictObject({ limit: countTo(500, 100).meta({ description: 'Messages of a queue, at most.' }) }),
  body: null,
  status: 200,
  answer: SetAsideAnswer,
  etag: null,
  problems: ['request'],
} as const;

const requeueing = {
  method: 'POST',
  role: deciders,
  query: NoQuery,
  body: null,
  status: 200,
  answer: RequeuedAnswer,
  etag: null,
  problems: ['request', 'not-found', 'refused', 'conflict'],
} as const;

export const listDeadLetters = operation({
  ...listing,
  path: '/dead-letters',
  summary: 'What the broker set aside, of jobs and of audits: it crashed five times, or expired. Without bodies',
  handle: ({ query: { limit } }, ports) => listed(deadLetterQueues, limit, ports),
});

export const listRejected = operation({
  ...listing,
  path: '/rejected',
  summary: 'What was refused, with the reason and where it came from. Without bodies',
  handle: ({ query: { limit } }, ports) => listed(['rejected'], limit, ports),
});

export const requeueDeadLetter = operation({
  ...requeueing,
  path: '/dead-letters/{queue}/{message}/requeue',
  summary: 'Sends it again under a new message id; a job as a new attempt. The old one goes once the new one is taken',
  async handle({ path, caller }, ports) {
    const queue = deadLetterQueues.find((each) => each === path.queue);
    if (queue === undefined) throw refused('not-found', `Dead letters are those of ${deadLetterQueues.join(' and ')}.`);
    return requeued(queue, path.message, caller, ports);
  },
});

export const requeueRejected = operation({
  ...requeueing,
  path: '/rejected/{message}/requeue',
  summary: 'Sends it again to where it came from, under a new message id, where that can help',
  handle: ({ path, caller }, ports) => requeued('rejected', path.message, caller, ports),
});

async function listed(
  queues: readonly SetAsideQueue[],
  most: number,
  { setAside }: RemediationApiPorts,
): Promise<Reply<z.infer<typeof SetAsideAnswer>>> {
  const messages = [];
  for (const queue of queues) messages.push(...(await setAside.list(queue, most)));
  return { document: { schema: 'kerbwatch.set-aside/v1', messages: messages.map(setAsideDocument) } };
}

async function requeued(
  queue: SetAsideQueue,
  number: string,
  caller: Caller,
  ports: RemediationApiPorts,
): Promise<Reply<z.infer<typeof RequeuedAnswer>>> {
  const sent = await requeueSetAside({ queue, number }, callerOf(caller), ports.settings, ports);
  if (sent === null) throw refused('not-found', 'No such message is there any more; list them again.');
  const ids =
    sent.kind === 'work' ? { messageId: sent.messageId, jobId: null } : { messageId: null, jobId: sent.job.job.jobId };
  return { document: { schema: 'kerbwatch.requeued/v1', ...ids } };
}
