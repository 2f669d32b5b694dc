import { setTimeout as delay } from 'node:timers/promises';
import { isServiceBusError, type ServiceBusSessionReceiver } from '@azure/service-bus';
import {
  describeEntity,
  receiverOptionsOf,
  type Listener,
  type ListenerOptions,
  type ServiceBusFunction,
} from './service-bus-listener.ts';
import { processMessage } from './service-bus-settlement.ts';
import { settledWithin } from '../../settled-within.ts';

export interface SessionListenerOptions extends ListenerOptions {
  readonly maxConcurrentSessions: number;
  /** A session without a message for this long is given up, so that another can have its place. */
  readonly sessionIdleMs: number;
  /** The wait after the broker could not be reached. */
  readonly retryDelayMs: number;
  /**
   * How long the client may take to accept or to close a session. When the connection drops while it closes a link, which
   * it also does where no session had a message, its promise never settles: waited for, the place would be lost for good.
   */
  readonly patienceMs: number;
}

/** What the broker or the client says when no session has a message: nothing to report. */
const NO_SESSION_CODES: readonly string[] = ['ServiceTimeout', 'SessionCannotBeLocked', 'OperationTimeout'];

/** Listens to a queue or subscription with sessions: one message of a session at a time, several sessions side by side. */
export function listenToSessions(target: ServiceBusFunction, options: SessionListenerOptions): Listener {
  const stopping = new AbortController();
  const workers = Array.from({ length: options.maxConcurrentSessions }, () => work(target, options, stopping.signal));
  return {
    async close() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}

async function work(target: ServiceBusFunction, options: SessionListenerOptions, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      const session = await acceptInTime(target, options);
      if (session === null) continue;
      try {
        await drain(session, target, options, stopping);
      } finally {
        await settledWithin(options.patienceMs, session.close());
      }
    } catch (error) {
      if (isExpected(error)) continue;
      const reason = error instanceof Error ? error.message : String(error);
      options.log({
        level: 'warning',
        category: 'host',
        functionName: target.name,
        message: `${describeEntity(target)}: ${reason} Trying again.`,
      });
      await delay(options.retryDelayMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

function isExpected(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') ||
    (isServiceBusError(error) && NO_SESSION_CODES.includes(error.code))
  );
}

/** Takes messages until the session has none for a while, its lock is lost, or the listener stops. */
async function drain(
  session: ServiceBusSessionReceiver,
  target: ServiceBusFunction,
  options: SessionListenerOptions,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted && !session.isClosed) {
    const receiving = session.receiveMessages(1, { maxWaitTimeInMs: options.sessionIdleMs, abortSignal: stopping });
    if (!(await settledWithin(options.sessionIdleMs + options.patienceMs, receiving))) return;
    const [message] = await receiving;
    if (message === undefined) return;
    await processMessage(target, session, message, options);
  }
}

/** null where the client took too long. A session that it accepts after all is given up at once, for another to have. */
async function acceptInTime(
  target: ServiceBusFunction,
  options: SessionListenerOptions,
): Promise<ServiceBusSessionReceiver | null> {
  const accepting = acceptNextSession(target, options);
  if (await settledWithin(options.patienceMs, accepting)) return accepting;
  accepting.then((late) => late.close()).catch(() => undefined);
  return null;
}

function acceptNextSession(
  { trigger }: ServiceBusFunction,
  options: SessionListenerOptions,
): Promise<ServiceBusSessionReceiver> {
  const receiverOptions = receiverOptionsOf(options);
  return trigger.type === 'serviceBusQueue'
    ? options.client.acceptNextSession(trigger.queue, receiverOptions)
    : options.client.acceptNextSession(trigger.topic, trigger.subscription, receiverOptions);
}
