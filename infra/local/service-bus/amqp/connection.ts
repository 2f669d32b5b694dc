import type { Connection, EventContext, Receiver, Sender } from 'rhea';
import type { ServiceBusNamespace } from '../namespace.ts';
import type { QueueEntity, ReceiveMode } from '../queue.ts';
import { Refusal } from '../refusal.ts';
import type { SessionHold } from '../session-hold.ts';
import { ConsumeLink } from './consume-link.ts';
import { answerManagement } from './management.ts';
import { openPublishLink } from './publish-link.ts';
import { ReplyLinks } from './replies.ts';
import { localAttach } from './rhea-internals.ts';
import { announceSession, awaitNextSession, requestedSession } from './session-attach.ts';

const cbsNode = '$cbs';
const managementSuffix = /\/\$management$/i;

/** One client's connection: decides what each link it attaches is for. */
export class BrokerConnection {
  readonly #namespace: ServiceBusNamespace;
  readonly #newId: () => string;
  readonly #replies = new ReplyLinks();
  readonly #closers = new Map<Sender, () => void>();

  constructor(connection: Connection, namespace: ServiceBusNamespace, newId: () => string) {
    this.#namespace = namespace;
    this.#newId = newId;
    connection.on('receiver_open', ({ receiver }: EventContext) => {
      if (receiver !== undefined) orRefuse(receiver, () => this.#openReceiver(receiver));
    });
    connection.on('sender_open', ({ sender }: EventContext) => {
      if (sender !== undefined) orRefuse(sender, () => this.#openSender(sender));
    });
    connection.on('session_close', ({ session }: EventContext) => {
      for (const sender of [...this.#closers.keys()]) if (sender.session === session) this.#closeSender(sender);
    });
    connection.on('connection_close', () => this.close());
    connection.on('disconnected', () => this.close());
  }

  /** Ends every link's hold on its entity; the socket is somebody else's. */
  close(): void {
    for (const sender of [...this.#closers.keys()]) this.#closeSender(sender);
  }

  /** The client sends: messages, tokens or management requests. */
  #openReceiver(receiver: Receiver): void {
    const { address } = receiver.target;
    receiver.set_target({ address });
    if (address === cbsNode) {
      this.#answerTokens(receiver);
      return;
    }
    const path = address.replace(managementSuffix, '');
    const entity = this.#namespace.destination(path);
    if (path === address) {
      openPublishLink(receiver, entity, path, this.#newId);
      return;
    }
    receiver.on('message', ({ message, delivery }: EventContext) => {
      delivery?.accept();
      if (message !== undefined) this.#replies.reply(message, () => answerManagement(entity, message, this.#newId));
    });
  }

  /** Any token will do: this broker listens on the loopback address only. */
  #answerTokens(receiver: Receiver): void {
    receiver.on('message', ({ message, delivery }: EventContext) => {
      delivery?.accept();
      if (message !== undefined) this.#replies.reply(message, () => ({ statusCode: 202 }));
    });
  }

  /** The client receives: replies, or messages of a queue, subscription or session. */
  #openSender(sender: Sender): void {
    const { address } = sender.source;
    sender.set_source({ address });
    if (address === cbsNode || managementSuffix.test(address)) {
      this.#replies.add(sender);
      return;
    }
    sender.on('sender_close', () => this.#closeSender(sender));
    const queue = this.#namespace.queue(address);
    const mode: ReceiveMode = sender.snd_settle_mode === 1 ? 'receiveAndDelete' : 'peekLock';
    if (mode === 'receiveAndDelete') localAttach(sender).snd_settle_mode = 1;
    const consume = (hold: SessionHold | undefined): void => {
      if (hold !== undefined) announceSession(sender, address, hold);
      const link = new ConsumeLink(sender, queue, mode, hold);
      this.#closers.set(sender, () => link.close());
    };
    const requested = requestedSession(sender);
    checkSessionUse(queue, requested.kind !== 'none');
    if (requested.kind === 'none') consume(undefined);
    else if (requested.kind === 'id') consume(queue.sessions.accept(requested.id));
    else {
      const withdraw = awaitNextSession(sender, queue, consume, (refusal) => refuse(sender, refusal));
      if (withdraw !== undefined) this.#closers.set(sender, withdraw);
    }
  }

  #closeSender(sender: Sender): void {
    this.#closers.get(sender)?.();
    this.#closers.delete(sender);
  }
}

function checkSessionUse(queue: QueueEntity, asksForSession: boolean): void {
  const { path, requiresSession } = queue.settings;
  if (requiresSession === asksForSession) return;
  throw new Refusal(
    'amqp:not-allowed',
    requiresSession
      ? `It is not possible for an entity that requires sessions to create a non-sessionful message receiver: '${path}'.`
      : `A sessionful message receiver cannot be created on an entity that does not require sessions: '${path}'.`,
  );
}

function orRefuse(link: Sender | Receiver, open: () => void): void {
  try {
    open();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(link, error);
  }
}

function refuse(link: Sender | Receiver, { condition, message }: Refusal): void {
  link.close({ condition, description: message });
}
