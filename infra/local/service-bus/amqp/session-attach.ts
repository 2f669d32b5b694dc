import rhea, { type Sender } from 'rhea';
import type { QueueEntity } from '../queue.ts';
import { Refusal } from '../refusal.ts';
import type { SessionHold } from '../session-hold.ts';
import { localAttach, withholdAttach } from './rhea-internals.ts';

const sessionFilter = 'com.microsoft:session-filter';
const lockedUntilProperty = 'com.microsoft:locked-until-utc';
const timeoutProperty = 'com.microsoft:timeout';

const defaultTimeoutMs = 60_000;
/** We give up this long before the client does, so that it gets our answer and not its own timeout. */
const answerMarginMs = 500;

/** Which session a receiver asks for: a given one, any, or none at all (not a session receiver). */
export type RequestedSession = { kind: 'none' } | { kind: 'next' } | { kind: 'id'; id: string };

export function requestedSession(sender: Sender): RequestedSession {
  const filter: Record<string, unknown> | undefined = sender.source.filter;
  if (filter === undefined || !(sessionFilter in filter)) return { kind: 'none' };
  const id = filter[sessionFilter];
  return typeof id === 'string' ? { kind: 'id', id } : { kind: 'next' };
}

/**
 * Holds the attach reply back until a session is free, then grants it; refuses when the client's patience is about to end.
 * Returns a function that withdraws the request, or undefined when it was granted at once.
 */
export function awaitNextSession(
  sender: Sender,
  queue: QueueEntity,
  granted: (hold: SessionHold) => void,
  refused: (refusal: Refusal) => void,
): (() => void) | undefined {
  const timer = setTimeout(() => {
    withdraw?.();
    sender.open();
    refused(new Refusal('com.microsoft:timeout', `No session of '${queue.settings.path}' became free in time.`));
  }, patienceMs(sender)).unref();
  const withdraw = queue.sessions.acceptNext((hold) => {
    clearTimeout(timer);
    granted(hold);
    sender.open();
  });
  if (withdraw === undefined) return undefined;
  withholdAttach(sender);
  return () => {
    clearTimeout(timer);
    withdraw();
  };
}

/** Puts the granted session and the end of its lock into the attach reply. */
export function announceSession(sender: Sender, address: string, hold: SessionHold): void {
  sender.set_source({ address, filter: { [sessionFilter]: hold.sessionId } });
  localAttach(sender).properties = { [lockedUntilProperty]: rhea.types.wrap_long(dotNetTicks(hold.until)) };
}

function patienceMs(sender: Sender): number {
  // The typings promise properties; a client that sends none leaves them undefined.
  const { properties } = sender as { properties?: Record<string, unknown> };
  const asked = properties?.[timeoutProperty];
  const timeoutMs = typeof asked === 'number' ? asked : defaultTimeoutMs;
  return Math.max(timeoutMs - answerMarginMs, timeoutMs / 2);
}

/** Hundreds of nanoseconds since the year 1, as eight big-endian bytes. */
function dotNetTicks(epochMs: number): Buffer {
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE((BigInt(Math.round(epochMs)) + 62_135_596_800_000n) * 10_000n);
  return ticks;
}
