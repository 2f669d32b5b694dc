import type { Deadlines } from './deadlines.ts';
import type { StoredMessage } from './message.ts';
import { MinHeap } from './min-heap.ts';
import { sessionCannotBeLocked, sessionLockLost } from './refusal.ts';
import type { SessionHold } from './session-hold.ts';

/** A session: its waiting messages, those handed to its holder, and the state its receivers keep in it. */
export interface Session {
  readonly id: string;
  readonly ready: MinHeap<StoredMessage>;
  readonly locked: Set<StoredMessage>;
  hold: SessionHold | undefined;
  state: Buffer | undefined;
}

type Grant = (hold: SessionHold) => void;

interface SessionsOptions {
  readonly entityPath: string;
  readonly lockDurationMs: number;
  readonly deadlines: Deadlines;
  /** Puts the messages the holder had back; after expiry that counts as a failed delivery, after release it does not. */
  readonly returnMessages: (session: Session, expired: boolean) => void;
}

/** The sessions of one entity: who holds which, and which could go to a receiver that takes any. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #byId = new Map<string, Session>();
  /** Unheld sessions with waiting messages, longest waiting first. */
  readonly #free = new Set<Session>();
  readonly #waiters = new Set<Grant>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get(id: string): Session {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const session: Session = {
      id,
      ready: new MinHeap((message) => message.sequenceNumber),
      locked: new Set(),
      hold: undefined,
      state: undefined,
    };
    this.#byId.set(id, session);
    return session;
  }

  /** @throws Refusal `session-cannot-be-locked` when someone else holds it */
  accept(id: string): SessionHold {
    this.#options.deadlines.run();
    const session = this.get(id);
    if (session.hold !== undefined) throw sessionCannotBeLocked(this.#options.entityPath, id);
    return this.#hold(session);
  }

  /** Grants the next free session. Undefined when that was at once; else a function that withdraws the request. */
  acceptNext(grant: Grant): (() => void) | undefined {
    this.#options.deadlines.run();
    this.#waiters.add(grant);
    this.#serveWaiters();
    if (!this.#waiters.has(grant)) return undefined;
    return () => {
      this.#waiters.delete(grant);
    };
  }

  /** @throws Refusal `session-lock-lost` when nobody holds the session */
  renew(id: string): number {
    this.#options.deadlines.run();
    const hold = this.holdOf(id);
    this.#startLock(hold);
    return hold.until;
  }

  /** @throws Refusal `session-lock-lost` when nobody holds the session */
  holdOf(id: string): SessionHold {
    const hold = this.#byId.get(id)?.hold;
    if (hold === undefined) throw sessionLockLost(this.#options.entityPath, id);
    return hold;
  }

  /** Gives a session back. Releasing a hold that has already ended does nothing. */
  release(hold: SessionHold): void {
    this.#end(hold, false);
  }

  stateOf(id: string): Buffer | undefined {
    return this.#byId.get(id)?.state;
  }

  /** Undefined clears the state. */
  setState(id: string, state: Buffer | undefined): void {
    const session = this.get(id);
    session.state = state;
    this.refresh(session);
  }

  isHeld(hold: SessionHold): boolean {
    return this.#byId.get(hold.sessionId)?.hold === hold;
  }

  /** Call after a session's messages or state changed. An empty, unheld, stateless session is forgotten. */
  refresh(session: Session): void {
    dropRemoved(session.ready);
    const empty = session.ready.size === 0;
    if (session.hold !== undefined || empty) this.#free.delete(session);
    else this.#free.add(session);
    const idle = empty && session.hold === undefined && session.locked.size === 0 && session.state === undefined;
    if (idle) this.#byId.delete(session.id);
    this.#serveWaiters();
  }

  #serveWaiters(): void {
    for (const grant of this.#waiters) {
      const session = this.#nextFree();
      if (session === undefined) return;
      this.#waiters.delete(grant);
      grant(this.#hold(session));
    }
  }

  #nextFree(): Session | undefined {
    for (const session of this.#free) {
      dropRemoved(session.ready);
      if (session.ready.size > 0) return session;
      this.#free.delete(session);
    }
    return undefined;
  }

  #hold(session: Session): SessionHold {
    const hold: SessionHold = { sessionId: session.id, until: 0, expiry: undefined, onLost: undefined };
    session.hold = hold;
    this.#free.delete(session);
    this.#startLock(hold);
    return hold;
  }

  #startLock(hold: SessionHold): void {
    const { deadlines, lockDurationMs } = this.#options;
    hold.expiry?.cancel();
    hold.until = deadlines.now() + lockDurationMs;
    hold.expiry = deadlines.at(hold.until, () => {
      this.#end(hold, true);
      hold.onLost?.();
    });
  }

  #end(hold: SessionHold, expired: boolean): void {
    const session = this.#byId.get(hold.sessionId);
    if (session?.hold !== hold) return;
    hold.expiry?.cancel();
    session.hold = undefined;
    this.#options.returnMessages(session, expired);
    this.refresh(session);
  }
}

/** Messages that expired stay in a heap until they surface; this clears them from its top. */
export function dropRemoved(ready: MinHeap<StoredMessage>): void {
  for (let top = ready.peek(); top?.state.kind === 'removed'; top = ready.peek()) ready.pop();
}
