import type { ProcessErrorArgs, ServiceBusClient, ServiceBusReceiver } from '@azure/service-bus';
import type { Log } from './host-log.ts';
import { settledWithin } from '../../settled-within.ts';
import type { Invoker } from './invoker.ts';
import { keepLock } from './keep-lock.ts';
import type { RegisteredFunction, TriggerOf } from './registered-function.ts';
import { processMessage } from './service-bus-settlement.ts';

export type ServiceBusFunction = RegisteredFunction<TriggerOf<'serviceBusQueue' | 'serviceBusTopic'>>;

/** Something that takes messages until it is closed. Closing waits for the handlers under way and for their settlement. */
export interface Listener {
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly client: ServiceBusClient;
  readonly invoker: Invoker;
  readonly log: Log;
  readonly maxAutoLockRenewalDurationMs: number;
}

/** A close under way when the connection drops never settles in the client. */
const closePatienceMs = 5_000;

/** Listens to a queue or subscription without sessions. The client itself reconnects, for ever, after the broker was away. */
export function listen(target: ServiceBusFunction, maxConcurrentCalls: number, options: ListenerOptions): Listener {
  const { invoker, log } = options;
  const receiver = createReceiver(target, options);
  const running = new Set<Promise<void>>();
  const subscription = receiver.subscribe(
    {
      async processMessage(message) {
        const onHandled = keepLock(receiver, message, options.maxAutoLockRenewalDurationMs);
        const run = processMessage(target, receiver, message, { invoker, log, onHandled });
        running.add(run);
        await run;
        running.delete(run);
      },
      async processError({ error, errorSource }: ProcessErrorArgs) {
        log({
          level: 'warning',
          category: 'host',
          functionName: target.name,
          message: `${describeEntity(target)} (${errorSource}): ${error.message}`,
        });
      },
    },
    { autoCompleteMessages: false, maxConcurrentCalls },
  );
  return {
    async close() {
      await settledWithin(closePatienceMs, subscription.close());
      await Promise.all(running);
      await settledWithin(closePatienceMs, receiver.close());
    },
  };
}

export function describeEntity({ trigger }: ServiceBusFunction): string {
  return trigger.type === 'serviceBusQueue'
    ? `Service Bus queue ${trigger.queue}`
    : `Service Bus subscription ${trigger.topic}/${trigger.subscription}`;
}

/** How the platform receives: it settles each message itself, and hands the handler the body as it came. */
export function receiverOptionsOf({ maxAutoLockRenewalDurationMs }: ListenerOptions) {
  return {
    receiveMode: 'peekLock',
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: maxAutoLockRenewalDurationMs,
  } as const;
}

/** The client renews no lock of these: `keepLock` does. */
function createReceiver({ trigger }: ServiceBusFunction, options: ListenerOptions): ServiceBusReceiver {
  const receiverOptions = { ...receiverOptionsOf(options), maxAutoLockRenewalDurationInMs: 0 };
  return trigger.type === 'serviceBusQueue'
    ? options.client.createReceiver(trigger.queue, receiverOptions)
    : options.client.createReceiver(trigger.topic, trigger.subscription, receiverOptions);
}
