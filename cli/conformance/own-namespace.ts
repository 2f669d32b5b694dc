import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { resultEvent } from '../../infra/messages/result.ts';
import { connections, queues } from '../../infra/names.ts';
import { settledWithin } from '../../infra/settled-within.ts';
import { UsageError } from '../exit-code.ts';
import { dueJob, type Making, messageOf } from './sample-jobs.ts';
import { watchQueue } from './watched-queue.ts';

const closePatienceMs = 5_000;
const minute = 60_000;
const nextStep = 'Name one that is for this alone, or leave --namespace out: then a broker on this machine is used.';

/**
 * Refuses a namespace that is not for conformance alone: where jobs wait, which the consumer under test would take, or where
 * somebody takes the messages that it is judged by. What is sent to find out is what everybody refuses, an expired dry run of
 * no action and a result of no job, and nothing of it stays.
 * @param making of jobs for a tenant that nobody has
 * @param lookMs how long others have to take a message
 * @param wait comes back after so many milliseconds, or throws when it is all over
 * @throws UsageError
 */
export async function refuseShared(
  connectionString: string,
  making: Making,
  lookMs: number,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 2, timeoutInMs: 10_000 } });
  const where = `the namespace ${client.fullyQualifiedNamespace}, which ${connections.serviceBus} names`;

  async function refuseTaken(queue: string, message: ServiceBusMessage): Promise<void> {
    if (!(await watchQueue(client, queue, wait).sendAndWait(message, lookMs, () => false))) return;
    throw new UsageError(`Somebody else takes messages of ${queue} in ${where}. ${nextStep}`);
  }

  try {
    const waiting = await watchQueue(client, queues.remediationJobs, wait).unseen();
    if (waiting.length > 0) {
      throw new UsageError(
        `${String(waiting.length)} jobs wait in ${where}; the consumer under test would take them. ${nextStep}`,
      );
    }
    const job = harmlessJob(making);
    await refuseTaken(queues.remediationJobs, job);
    await takeBack(client, job);
    await refuseTaken(queues.remediationResults, harmlessResult(making, lookMs));
  } finally {
    await settledWithin(closePatienceMs, client.close());
  }
}

function harmlessJob(making: Making): ServiceBusMessage {
  const sample = dueJob(making, { dryRun: true, expiresAt: making.now - minute });
  return messageOf(sample, (event) => ({ ...event, data: { ...event.data, action: 'none' } }));
}

/** Goes by itself: what takes it back would take the results of an earlier time before it. */
function harmlessResult({ newGuid, now, tenantId }: Making, lookMs: number): ServiceBusMessage {
  const messageId = newGuid();
  const result = { jobId: 'conformance', outcome: 'dry-run', reason: null, at: now } as const;
  return { messageId, body: resultEvent(result, messageId, tenantId), timeToLive: lookMs + minute };
}

/** Whoever has the session by now throws here, which is refused as well. */
async function takeBack(client: ServiceBusClient, { sessionId }: ServiceBusMessage): Promise<void> {
  const session = await client.acceptSession(queues.remediationJobs, sessionId ?? '');
  for (const message of await session.receiveMessages(1, { maxWaitTimeInMs: minute })) {
    await session.completeMessage(message);
  }
  await session.close();
}
