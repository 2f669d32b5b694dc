import type { ServiceBusMessage, ServiceBusMessageBatch } from '@azure/service-bus';

import { BrokerUnreachable } from '../../../infra/azure/service-bus/broker-unreachable.ts';
import type { Sender, ServiceBusConnection } from '../../../infra/azure/service-bus/connection.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { SimulatedMessage } from './queue.ts';
import type { SimulatedBroker } from './broker.ts';

/** What one invocation sends with: the product's own messages, to the simulated broker. */
export function gatedConnection(
  broker: SimulatedBroker,
  slot: Slot,
  gate: Gate,
  now: () => number,
): ServiceBusConnection {
  function senderTo(entity: string): Sender {
    return {
      send: (given) =>
        gate(slot, {
          name: `send to ${entity}`,
          weight: 'writes',
          part: 'broker',
          failure: () => new BrokerUnreachable('broker.example', entity, 'ServiceBusy', null),
          effect: () => {
            for (const message of given instanceof Batch ? given.messages : [given as ServiceBusMessage]) {
              broker.send(entity, wireOf(message), message.scheduledEnqueueTimeUtc?.getTime() ?? now());
            }
          },
        }),
      // A batch is made by the client alone.
      createBatch: () => Promise.resolve(new Batch() as unknown as ServiceBusMessageBatch),
    };
  }
  return {
    sender: senderTo,
    receiver: (queue) => {
      throw new Error(`Nobody looks into ${queue} here`);
    },
    close: () => Promise.resolve(),
  };
}

class Batch {
  readonly messages: ServiceBusMessage[] = [];
  readonly maxSizeInBytes = 262_144;
  get count(): number {
    return this.messages.length;
  }
  tryAddMessage(message: ServiceBusMessage): boolean {
    this.messages.push(message);
    return true;
  }
}

/** The message as it travels. */
export function wireOf({ messageId, sessionId, body, applicationProperties }: ServiceBusMessage): SimulatedMessage {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body);
  return {
    messageId: String(messageId),
    sessionId: sessionId ?? null,
    body: text,
    applicationProperties: applicationProperties ?? {},
  };
}
