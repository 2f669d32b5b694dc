import type { AmqpError, Delivery, EventContext, Sender } from 'rhea';
import type { Settlement } from '../message.ts';
import type { QueueEntity, ReceiveMode } from '../queue.ts';
import { Refusal, sessionLockLost } from '../refusal.ts';
import type { SessionHold } from '../session-hold.ts';
import { encodeReceived } from './codec.ts';
import { deliveryTag, tokenFromTag } from './lock-token.ts';
import { acceptedOutcome, creditLimit, flush, flushedCount, rejectedOutcome, settleSent } from './rhea-internals.ts';

/** Serves a client's receiver: sends what the queue has while there is credit, and settles what comes back. */
export class ConsumeLink {
  readonly #sender: Sender;
  readonly #queue: QueueEntity;
  readonly #mode: ReceiveMode;
  readonly #hold: SessionHold | undefined;
  readonly #stopListening: () => void;
  #sent = 0;
  #limit = 0;
  #pumpQueued = false;
  #closed = false;

  constructor(sender: Sender, queue: QueueEntity, mode: ReceiveMode, hold: SessionHold | undefined) {
    this.#sender = sender;
    this.#queue = queue;
    this.#mode = mode;
    this.#hold = hold;
    this.#stopListening = queue.onReady(() => this.#queuePump());
    if (hold !== undefined) hold.onLost = () => this.#loseSession(hold);
    sender.on('sender_flow', () => {
      this.#limit = creditLimit(sender);
      this.#queuePump();
    });
    sender.on('sender_draining', () => this.#drain());
    sender.on('sendable', () => this.#queuePump());
    this.#onOutcome('accepted', () => ({ kind: 'complete' }));
    this.#onOutcome('released', () => ({ kind: 'abandon', properties: {} }));
    this.#onOutcome('modified', modifiedSettlement);
    this.#onOutcome('rejected', rejectedSettlement);
  }

  /** Ends the link's interest in the queue. Messages stay locked until their locks end; a session is given back. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    if (this.#hold !== undefined) this.#queue.sessions.release(this.#hold);
  }

  /** Sending waits for the end of the current event, so that one burst of sends is one burst of deliveries. */
  #queuePump(): void {
    if (this.#pumpQueued || this.#closed) return;
    this.#pumpQueued = true;
    queueMicrotask(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#closed && this.#sent < this.#limit && this.#sender.sendable()) {
      const received = this.#queue.receive(this.#mode, this.#hold);
      if (received === undefined) return;
      this.#sent += 1;
      this.#sender.send(encodeReceived(received), deliveryTag(received.lock?.token ?? emptyToken));
    }
  }

  /** Uses the credit for what there is and hands back the rest, once everything queued has really been written. */
  #drain(): void {
    this.#pump();
    const finish = (): void => {
      if (this.#closed) return;
      if (flushedCount(this.#sender) < this.#sent) {
        setImmediate(finish);
        return;
      }
      this.#sent = this.#limit;
      this.#sender.set_drained(true);
      flush(this.#sender.connection);
    };
    setImmediate(finish);
  }

  #loseSession(hold: SessionHold): void {
    const { condition, message } = sessionLockLost(this.#queue.settings.path, hold.sessionId);
    this.close();
    this.#sender.close({ condition, description: message });
  }

  #onOutcome(event: string, settlementOf: (delivery: Delivery) => Settlement): void {
    this.#sender.on(event, ({ delivery }: EventContext) => {
      if (delivery === undefined || this.#mode === 'receiveAndDelete') return;
      settleSent(delivery, this.#settle(delivery, settlementOf(delivery)));
      this.#queuePump();
    });
  }

  #settle(delivery: Delivery, settlement: Settlement): object {
    try {
      this.#queue.settle(tokenFromTag(Buffer.from(delivery.tag)), settlement);
      return acceptedOutcome();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return rejectedOutcome(error.condition, error.message);
    }
  }
}

/** Deliveries that nobody settles still need a tag. */
const emptyToken = '00000000-0000-0000-0000-000000000000';

function modifiedSettlement({ remote_state }: Delivery): Settlement {
  const outcome = remote_state as { undeliverable_here?: boolean; message_annotations?: Record<string, unknown> };
  const properties = outcome.message_annotations ?? {};
  return { kind: outcome.undeliverable_here === true ? 'defer' : 'abandon', properties };
}

/** Reason and description come as ordinary entries of the error's info, next to the properties to modify. */
function rejectedSettlement({ remote_state }: Delivery): Settlement {
  const { error } = remote_state as { error?: AmqpError };
  const properties: unknown = error?.info ?? {};
  return { kind: 'dead-letter', properties: withoutNulls(properties as Record<string, unknown>) };
}

function withoutNulls(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null && value !== undefined));
}
