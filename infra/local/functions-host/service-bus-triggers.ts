import { RetryMode, ServiceBusClient } from '@azure/service-bus';
import type { HostJson } from './host-json.ts';
import type { Log } from './host-log.ts';
import type { Invoker } from './invoker.ts';
import { listen, type Listener, type ServiceBusFunction } from './service-bus-listener.ts';
import { listenToSessions } from './service-bus-session-listener.ts';
import { settledWithin } from '../../settled-within.ts';

export interface ServiceBusTriggersOptions {
  readonly connectionString: string;
  readonly hostJson: HostJson;
  readonly invoker: Invoker;
  readonly log: Log;
  readonly sessionIdleMs: number;
  readonly retryDelayMs: number;
}

/**
 * How long one offer to take a session stands before it is renewed. The client does not look at an abort signal meanwhile, and a
 * connection closed under it leaves a timer of a minute that keeps the process alive, so stopping waits for it: it must be short.
 */
const ACCEPT_SESSION_TIMEOUT_MS = 1_000;

/** Beyond this the client is not going to answer; several times what it needs. */
const PATIENCE_MS = 5_000;

/** Starts listening for every function with a Service Bus trigger, through the real client. A broker that is down is awaited. */
export function startServiceBusTriggers(
  functions: readonly ServiceBusFunction[],
  options: ServiceBusTriggersOptions,
): Listener {
  const { connectionString, hostJson, invoker, log, sessionIdleMs, retryDelayMs } = options;
  const { maxConcurrentCalls, maxConcurrentSessions, maxAutoLockRenewalDuration } = hostJson.extensions.serviceBus;
  const withSessions = functions.filter(({ trigger }) => trigger.sessions);
  const withoutSessions = functions.filter(({ trigger }) => !trigger.sessions);
  const clients: ServiceBusClient[] = [];
  const connect = (retryOptions: { timeoutInMs?: number }): ServiceBusClient => {
    const client = new ServiceBusClient(connectionString, {
      retryOptions: { mode: RetryMode.Fixed, retryDelayInMs: retryDelayMs, ...retryOptions },
    });
    clients.push(client);
    return client;
  };

  const listeners: Listener[] = [];
  if (withoutSessions.length > 0) {
    const client = connect({});
    const common = { client, invoker, log, maxAutoLockRenewalDurationMs: maxAutoLockRenewalDuration };
    listeners.push(...withoutSessions.map((target) => listen(target, maxConcurrentCalls, common)));
  }
  if (withSessions.length > 0) {
    // A connection of its own, since the time-out of accepting a session is a setting of the client.
    const client = connect({ timeoutInMs: ACCEPT_SESSION_TIMEOUT_MS });
    const common = { client, invoker, log, maxAutoLockRenewalDurationMs: maxAutoLockRenewalDuration };
    const sessionOptions = { ...common, maxConcurrentSessions, sessionIdleMs, retryDelayMs, patienceMs: PATIENCE_MS };
    listeners.push(...withSessions.map((target) => listenToSessions(target, sessionOptions)));
  }
  return {
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      await Promise.all(clients.map((client) => settledWithin(PATIENCE_MS, client.close())));
    },
  };
}
