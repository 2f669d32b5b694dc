import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { z } from 'zod';
import type {
  SetAside,
  SetAsideContent,
  SetAsideMessage,
  SetAsideQueue,
} from '../../../domain/remediation/set-aside.ts';
import { parseAuditWork } from '../../messages/audit-work.ts';
import { MessageMalformed, parseMessage } from '../../messages/malformed.ts';
import { queues } from '../../names.ts';
import type { Receiver, ServiceBusConnection } from './connection.ts';

/** As many as one look of the broker gives. */
const pageSize = 100;

/** The dead letters of Service Bus, and the queue `rejected`. Every member throws `BrokerUnreachable`. */
export function createSetAside(connection: ServiceBusConnection): SetAside {
  async function withReceiver<T>(queue: SetAsideQueue, work: (receiver: Receiver) => Promise<T>): Promise<T> {
    const receiver = connection.receiver(queue, queue === queues.rejected ? 'messages' : 'dead-letters');
    try {
      return await work(receiver);
    } finally {
      await receiver.close();
    }
  }

  return {
    list: (queue, most) =>
      withReceiver(queue, async (receiver) => {
        const found: SetAsideMessage[] = [];
        for await (const message of peeked(receiver)) {
          if (found.length >= most) break;
          found.push(setAsideMessage(queue, message));
        }
        return found;
      }),
    take: (queue, number, resend) =>
      withReceiver(queue, async (receiver) => {
        const held: ServiceBusReceivedMessage[] = [];
        try {
          // Nobody is kept from the others for the sake of one that is not there.
          const wanted = (await isThere(receiver, number)) ? await holdUntil(receiver, number, held) : null;
          if (wanted === null) return false;
          await resend(setAsideMessage(queue, wanted), contentOf(queue, wanted));
          held.splice(held.indexOf(wanted), 1);
          await receiver.complete(wanted);
          return true;
        } finally {
          // Those before it were held to get at it, and a failed one goes back as well.
          await Promise.allSettled(held.map((message) => receiver.abandon(message)));
        }
      }),
  };
}

async function* peeked(receiver: Receiver): AsyncGenerator<ServiceBusReceivedMessage> {
  for (;;) {
    const page = await receiver.peek(pageSize);
    if (page.length === 0) return;
    yield* page;
  }
}

async function isThere(receiver: Receiver, number: string): Promise<boolean> {
  for await (const message of peeked(receiver)) if (numberOf(message) === number) return true;
  return false;
}

/** Takes from the queue until the wanted one is among what is held; a queue hands out its oldest first. */
async function holdUntil(
  receiver: Receiver,
  number: string,
  held: ServiceBusReceivedMessage[],
): Promise<ServiceBusReceivedMessage | null> {
  for (;;) {
    const messages = await receiver.receive(pageSize);
    held.push(...messages);
    const wanted = messages.find((message) => numberOf(message) === number);
    if (wanted !== undefined) return wanted;
    if (messages.length === 0) return null;
  }
}

function setAsideMessage(queue: SetAsideQueue, message: ServiceBusReceivedMessage): SetAsideMessage {
  const content = contentOf(queue, message);
  const accountId = content.kind === 'work' && 'accountId' in content.work ? content.work.accountId : null;
  return {
    queue,
    number: numberOf(message),
    reason: reasonOf(queue, message),
    source: sourceOf(queue, message),
    at: message.enqueuedTimeUtc?.getTime() ?? null,
    jobId: content.kind === 'job' ? content.jobId : null,
    accountId,
  };
}

function numberOf({ sequenceNumber }: ServiceBusReceivedMessage): string {
  return sequenceNumber?.toString() ?? '';
}

/** The broker's reasons are words of its own; what we put aside says it in a sentence. */
function reasonOf(queue: SetAsideQueue, message: ServiceBusReceivedMessage): string {
  if (queue === queues.rejected) return textOf(message.applicationProperties?.['reason']) ?? 'no reason was given';
  const said = [message.deadLetterReason, message.deadLetterErrorDescription];
  const words = said.filter((each) => each !== undefined && each !== '');
  return words.length === 0 ? 'no reason was given' : words.join(': ');
}

function sourceOf(queue: SetAsideQueue, { applicationProperties }: ServiceBusReceivedMessage): string {
  return queue === queues.rejected ? (textOf(applicationProperties?.['source']) ?? 'unknown') : queue;
}

function contentOf(queue: SetAsideQueue, message: ServiceBusReceivedMessage): SetAsideContent {
  const source = sourceOf(queue, message);
  if (message.applicationProperties?.['truncated'] === true) {
    return { kind: 'none', why: 'Only its beginning was kept, so it cannot be sent again' };
  }
  try {
    if (source === queues.auditWork) return { kind: 'work', work: parseAuditWork(message.body) };
    if (source === queues.remediationJobs) return { kind: 'job', jobId: jobIdIn(message.body) };
  } catch (error) {
    if (!(error instanceof MessageMalformed)) throw error;
    return { kind: 'none', why: `It can never be processed: ${error.message}` };
  }
  return { kind: 'none', why: whyNotAgain(source) };
}

const jobId = z.string().min(1);
/** A job's message, or what was said of a job that ended badly. Of the first its id alone counts, so that any version is read. */
const AboutJob = z.union([z.object({ data: z.object({ jobId }) }), z.object({ jobId })]);

function jobIdIn(body: unknown): string {
  const about = parseMessage('message about a job', AboutJob, body);
  return 'data' in about ? about.data.jobId : about.jobId;
}

function whyNotAgain(source: string): string {
  if (source === queues.remediationResults)
    return 'A result is a hint only; kerbwatch jobs show says how the job stands';
  if (source.startsWith('drift-alerts'))
    return 'An alert is not sent by the app that remediates; its finding says what it said';
  return `What came from ${source} is not sent again: the next nightly audit looks at everything it could be about`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
