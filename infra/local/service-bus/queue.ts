import type { Deadlines } from './deadlines.ts';
import { Intake } from './intake.ts';
import {
  deadLetterProperties,
  type MessageContent,
  type MessageLock,
  type PeekedMessage,
  type ReceivedMessage,
  type Settlement,
  type StoredMessage,
} from './message.ts';
import { MinHeap } from './min-heap.ts';
import { messageLockLost, messageNotFound } from './refusal.ts';
import type { SessionHold } from './session-hold.ts';
import { dropRemoved, Sessions, type Session } from './sessions.ts';

export interface QueueSettings {
  readonly path: string;
  /** False for what is filled from inside: subscriptions and dead-letter queues. */
  readonly sendable: boolean;
  readonly requiresSession: boolean;
  readonly duplicateDetectionWindowMs: number | undefined;
  /** Infinity for a dead-letter queue. */
  readonly maxDeliveryCount: number;
  readonly lockDurationMs: number;
  readonly defaultTimeToLiveMs: number | undefined;
  /** False in a dead-letter queue: nothing expires there. */
  readonly honoursTimeToLive: boolean;
  readonly deadLetterOnExpiry: boolean;
}

export interface QueueParts {
  readonly deadlines: Deadlines;
  /** A fresh lower-case UUID. */
  readonly newLockToken: () => string;
  /** Shared with the dead-letter queue, where messages keep their numbers. */
  readonly nextSequenceNumber: () => number;
  /** Absent for the dead-letter queue itself. */
  readonly deadLetters: QueueEntity | undefined;
}

export type ReceiveMode = 'peekLock' | 'receiveAndDelete';

/**
 * A queue, a subscription or a dead-letter queue: every message is ready, locked, deferred or gone.
 * Knows nothing of AMQP and owns no timer; time passes through `Deadlines`.
 */
export class QueueEntity {
  readonly settings: QueueSettings;
  readonly intake: Intake;
  readonly sessions: Sessions;
  readonly deadLetters: QueueEntity | undefined;
  readonly #parts: QueueParts;
  readonly #messages = new Map<number, StoredMessage>();
  readonly #locked = new Map<string, StoredMessage>();
  readonly #ready = new MinHeap<StoredMessage>((message) => message.sequenceNumber);
  readonly #listeners = new Set<() => void>();

  constructor(settings: QueueSettings, parts: QueueParts) {
    this.settings = settings;
    this.deadLetters = parts.deadLetters;
    this.#parts = parts;
    this.intake = new Intake({
      path: settings.path,
      sendable: settings.sendable,
      requiresSession: settings.requiresSession,
      duplicateDetectionWindowMs: settings.duplicateDetectionWindowMs,
      deadlines: parts.deadlines,
      nextSequenceNumber: parts.nextSequenceNumber,
      enqueue: (content) => this.enqueue(content),
    });
    this.sessions = new Sessions({
      entityPath: settings.path,
      lockDurationMs: settings.lockDurationMs,
      deadlines: parts.deadlines,
      returnMessages: (session, expired) => {
        for (const message of session.locked) this.#unlock(message, { failed: expired });
      },
    });
  }

  /** Puts a checked message straight into the queue and returns its sequence number. */
  enqueue(content: MessageContent): number {
    const sequenceNumber = this.#parts.nextSequenceNumber();
    this.#store(sequenceNumber, content, 0, {});
    return sequenceNumber;
  }

  /** Calls `listener` whenever a message became ready; the result stops that. */
  onReady(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The next message, of the held session if one is given. */
  receive(mode: ReceiveMode, hold?: SessionHold): ReceivedMessage | undefined {
    this.#parts.deadlines.run();
    if (hold !== undefined && !this.sessions.isHeld(hold)) return undefined;
    const ready = hold === undefined ? this.#ready : this.sessions.get(hold.sessionId).ready;
    dropRemoved(ready);
    const message = ready.pop();
    return message === undefined ? undefined : this.#hand(message, mode, hold);
  }

  /** @throws Refusal `message-not-found` unless all are deferred here, `session-lock-lost` when nobody holds their session */
  receiveDeferred(sequenceNumbers: readonly number[], mode: ReceiveMode, sessionId?: string): ReceivedMessage[] {
    this.#parts.deadlines.run();
    const hold = this.settings.requiresSession ? this.sessions.holdOf(sessionId ?? '') : undefined;
    const found = sequenceNumbers.map((sequenceNumber) => {
      const message = this.#messages.get(sequenceNumber);
      if (message?.state.kind !== 'deferred') throw messageNotFound(this.settings.path, sequenceNumber);
      if (!this.#isExpired(message)) return message;
      this.#expire(message);
      throw messageNotFound(this.settings.path, sequenceNumber);
    });
    return found.map((message) => this.#hand(message, mode, hold));
  }

  /** @throws Refusal `message-lock-lost` */
  settle(lockToken: string, settlement: Settlement): void {
    const { message } = this.#lockOf(lockToken);
    switch (settlement.kind) {
      case 'complete':
        this.#remove(message);
        return;
      case 'abandon':
        message.properties = { ...message.properties, ...settlement.properties };
        this.#unlock(message, { failed: true });
        return;
      case 'defer':
        message.properties = { ...message.properties, ...settlement.properties };
        this.#endLock(message);
        message.state = { kind: 'deferred' };
        return;
      case 'dead-letter':
        this.#deadLetter(message, settlement.properties);
        return;
    }
  }

  /** Locks the message for another full duration; the new end in milliseconds. @throws Refusal `message-lock-lost` */
  renew(lockToken: string): number {
    const { message, lock } = this.#lockOf(lockToken);
    if (lock.session === undefined) this.#startLock(message, lock);
    return lock.until;
  }

  /** Messages in sequence order from `fromSequenceNumber`, whatever their state; changes nothing. */
  peek(fromSequenceNumber: number, count: number, sessionId?: string): PeekedMessage[] {
    this.#parts.deadlines.run();
    const stored = [...this.#messages.values()].map((message): PeekedMessage => ({
      ...message,
      state: message.state.kind === 'deferred' ? 'deferred' : 'active',
    }));
    return [...stored, ...this.intake.peekScheduled()]
      .filter(
        (message) =>
          message.sequenceNumber >= fromSequenceNumber &&
          (sessionId === undefined || message.content.sessionId === sessionId),
      )
      .sort((a, b) => a.sequenceNumber - b.sequenceNumber)
      .slice(0, count);
  }

  /** Messages ready for a receiver, and under lock. Deferred ones are in neither. */
  counts(): { ready: number; locked: number } {
    this.#parts.deadlines.run();
    let ready = 0;
    for (const message of this.#messages.values()) if (message.state.kind === 'ready') ready += 1;
    return { ready, locked: this.#locked.size };
  }

  #store(
    sequenceNumber: number,
    content: MessageContent,
    deliveryCount: number,
    properties: StoredMessage['properties'],
  ): void {
    const { honoursTimeToLive, defaultTimeToLiveMs } = this.settings;
    const now = this.#parts.deadlines.now();
    const timeToLiveMs = Math.min(content.timeToLiveMs ?? Infinity, defaultTimeToLiveMs ?? Infinity);
    const expiresAt = honoursTimeToLive && Number.isFinite(timeToLiveMs) ? now + timeToLiveMs : undefined;
    const message: StoredMessage = {
      sequenceNumber,
      content,
      enqueuedAt: now,
      expiresAt,
      deliveryCount,
      properties,
      state: { kind: 'ready' },
      expiry: undefined,
    };
    this.#messages.set(sequenceNumber, message);
    this.#makeReady(message);
  }

  #makeReady(message: StoredMessage): void {
    message.state = { kind: 'ready' };
    if (this.#isExpired(message)) {
      this.#expire(message);
      return;
    }
    if (message.expiresAt !== undefined) {
      message.expiry ??= this.#parts.deadlines.at(message.expiresAt, () => {
        message.expiry = undefined;
        // A locked message outlives its time until the lock ends; a deferred one until somebody asks for it.
        if (message.state.kind === 'ready') this.#expire(message);
      });
    }
    const session = this.#sessionOf(message);
    if (session === undefined) this.#ready.push(message);
    else {
      session.ready.push(message);
      this.sessions.refresh(session);
    }
    for (const listener of this.#listeners) listener();
  }

  #hand(message: StoredMessage, mode: ReceiveMode, session: SessionHold | undefined): ReceivedMessage {
    if (mode === 'receiveAndDelete') {
      this.#remove(message);
      return { message, lock: undefined };
    }
    const lock: MessageLock = {
      token: this.#parts.newLockToken(),
      session,
      wasDeferred: message.state.kind === 'deferred',
      until: session?.until ?? 0,
      expiry: undefined,
    };
    message.state = { kind: 'locked', lock };
    this.#locked.set(lock.token, message);
    if (session === undefined) this.#startLock(message, lock);
    else this.sessions.get(session.sessionId).locked.add(message);
    return { message, lock };
  }

  #startLock(message: StoredMessage, lock: MessageLock): void {
    const { deadlines } = this.#parts;
    lock.expiry?.cancel();
    lock.until = deadlines.now() + this.settings.lockDurationMs;
    lock.expiry = deadlines.at(lock.until, () => {
      this.#unlock(message, { failed: true });
    });
  }

  #lockOf(lockToken: string): { message: StoredMessage; lock: MessageLock } {
    this.#parts.deadlines.run();
    const message = this.#locked.get(lockToken);
    if (message?.state.kind !== 'locked') throw messageLockLost(this.settings.path);
    return { message, lock: message.state.lock };
  }

  /** Ends the lock and puts the message back where it was, or with the dead letters after too many failures. */
  #unlock(message: StoredMessage, { failed }: { failed: boolean }): void {
    const wasDeferred = this.#endLock(message)?.wasDeferred === true;
    if (failed) message.deliveryCount += 1;
    const { maxDeliveryCount } = this.settings;
    if (message.deliveryCount >= maxDeliveryCount) {
      const description = `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`;
      this.#deadLetter(message, deadLetterProperties('MaxDeliveryCountExceeded', description));
    } else if (wasDeferred) message.state = { kind: 'deferred' };
    else this.#makeReady(message);
  }

  #endLock(message: StoredMessage): MessageLock | undefined {
    if (message.state.kind !== 'locked') return undefined;
    const { lock } = message.state;
    lock.expiry?.cancel();
    this.#locked.delete(lock.token);
    if (lock.session !== undefined) this.sessions.get(lock.session.sessionId).locked.delete(message);
    return lock;
  }

  #remove(message: StoredMessage): void {
    this.#endLock(message);
    message.expiry?.cancel();
    message.state = { kind: 'removed' };
    this.#messages.delete(message.sequenceNumber);
    const session = this.#sessionOf(message);
    if (session !== undefined) this.sessions.refresh(session);
  }

  /** Dead-lettering in the dead-letter queue itself leaves the message there. */
  #deadLetter(message: StoredMessage, properties: Readonly<Record<string, unknown>>): void {
    this.#remove(message);
    const target = this.deadLetters ?? this;
    const { sequenceNumber, content, deliveryCount } = message;
    target.#store(sequenceNumber, content, deliveryCount, { ...message.properties, ...properties });
  }

  #isExpired(message: StoredMessage): boolean {
    return message.expiresAt !== undefined && message.expiresAt <= this.#parts.deadlines.now();
  }

  #expire(message: StoredMessage): void {
    if (!this.settings.deadLetterOnExpiry) this.#remove(message);
    else
      this.#deadLetter(
        message,
        deadLetterProperties('TTLExpiredException', 'The message expired and was dead lettered.'),
      );
  }

  #sessionOf(message: StoredMessage): Session | undefined {
    const { sessionId } = message.content;
    return this.settings.requiresSession && sessionId !== undefined ? this.sessions.get(sessionId) : undefined;
  }
}
