import { ServiceBusClient } from '@azure/service-bus';

import type { ServiceBusBroker } from '../../infra/local/service-bus/broker.ts';
import { queues, subscriptions, topics } from '../../infra/names.ts';

/** Everything that the functions take messages from. */
const consumed: readonly string[] = [
  queues.auditWork,
  queues.remediationJobs,
  queues.remediationResults,
  ...Object.values(subscriptions).map((name) => `${topics.driftAlerts}/subscriptions/${name}`),
];

const atMost = 1000;
/** Longer than a claim holds, and than anything is put off that is not left for hours. */
const laterMs = 11 * 60_000;

/** The messages that are in the functions' hands at this moment, or were when they died, as words. */
export function inHand(broker: ServiceBusBroker): readonly string[] {
  return consumed
    .map((path) => ({ path, count: broker.depth(path).locked }))
    .filter(({ count }) => count > 0)
    .map(({ path, count }) => `${String(count)} of ${path.replace('drift-alerts/subscriptions/', 'alerts for ')}`);
}

/** What waits to be worked on, or is being worked on, as words. */
export function atWork(broker: ServiceBusBroker): readonly string[] {
  return consumed.flatMap((path) => {
    const { active, locked } = broker.depth(path);
    return active + locked === 0 ? [] : [`${path}: ${String(active)} ready, ${String(locked)} in hand`];
  });
}

/** A queue whose messages are put off. */
export type PuttingOff = typeof queues.auditWork | typeof queues.remediationJobs;

/** A message that comes back at a set time. */
export interface PutOff {
  readonly words: string;
  /** Epoch milliseconds, UTC. */
  readonly dueAt: number;
}

/**
 * What of a queue was put off. Who made a change is looked up when the records may be there, whether a job was carried out when
 * it ends, a day later, and what is open still is planned again within six hours, so that these are left out.
 */
export async function putOff(broker: ServiceBusBroker, queue: PuttingOff): Promise<readonly PutOff[]> {
  if (broker.depth(queue).scheduled === 0) return [];
  const client = new ServiceBusClient(broker.connectionString);
  try {
    const found: PutOff[] = [];
    for (const { body, scheduledEnqueueTimeUtc: due } of await client.createReceiver(queue).peekMessages(atMost)) {
      const dueAt = due?.getTime();
      if (dueAt === undefined || dueAt > Date.now() + laterMs || kindOf(body) === 'attribute') continue;
      found.push({ words: `${queue}: ${JSON.stringify(body)} at ${new Date(dueAt).toISOString()}`, dueAt });
    }
    return found;
  } finally {
    await client.close();
  }
}

/** What nobody could process: dead letters, and what was rejected. */
export async function putAside(broker: ServiceBusBroker): Promise<readonly string[]> {
  const client = new ServiceBusClient(broker.connectionString);
  try {
    const found: string[] = [];
    for (const path of consumed) {
      if (broker.depth(path).deadLetter === 0) continue;
      const [queue = '', , subscription] = path.split('/');
      const receiver =
        subscription === undefined
          ? client.createReceiver(queue, { subQueueType: 'deadLetter' })
          : client.createReceiver(queue, subscription, { subQueueType: 'deadLetter' });
      for (const { messageId, deadLetterReason, body } of await receiver.peekMessages(atMost))
        found.push(`${path}: ${String(messageId)}, ${deadLetterReason ?? 'no reason'}: ${JSON.stringify(body)}`);
    }
    if (broker.depth(queues.rejected).active > 0) {
      for (const { applicationProperties } of await client.createReceiver(queues.rejected).peekMessages(atMost))
        found.push(`${queues.rejected}: ${String(applicationProperties?.['reason'])}`);
    }
    return found;
  } finally {
    await client.close();
  }
}

function kindOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
}
