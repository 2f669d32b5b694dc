import rhea, { type Message, type Sender, type Typed } from 'rhea';
import { Refusal, type RefusalCondition } from '../refusal.ts';
import { localAttach } from './rhea-internals.ts';

/** What a request is answered with. */
export interface Reply {
  readonly statusCode: number;
  readonly body?: Record<string, unknown> | Typed;
}

/** The links of one connection on which requests are answered, by the address requests name in `reply_to`. */
export class ReplyLinks {
  readonly #byAddress = new Map<string, Sender>();

  /** A client may name its own link or its target in `reply_to`: $cbs requests do the one, $management the other. */
  add(sender: Sender): void {
    localAttach(sender).snd_settle_mode = 1;
    const { address } = sender.target as { address?: string | null };
    for (const name of [sender.name, address]) if (typeof name === 'string') this.#byAddress.set(name, sender);
    sender.on('sender_close', () => {
      for (const [name, known] of this.#byAddress) if (known === sender) this.#byAddress.delete(name);
    });
  }

  /** Runs `answer`, turning what it refuses into an error reply, and sends the result to whoever asked. */
  reply(request: Message, answer: () => Reply): void {
    const sender = this.#byAddress.get(request.reply_to ?? '');
    if (sender === undefined) return;
    sender.send({ ...attempt(answer), ...correlation(request) });
  }
}

function correlation({ message_id }: Message): { correlation_id?: string | number | Buffer } {
  return message_id === undefined ? {} : { correlation_id: message_id };
}

function attempt(answer: () => Reply): Message {
  try {
    const { statusCode, body } = answer();
    return { body: body ?? null, application_properties: { statusCode: rhea.types.wrap_int(statusCode) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const application_properties = {
      statusCode: rhea.types.wrap_int(statusCodes[error.condition]),
      statusDescription: error.message,
      errorCondition: rhea.types.wrap_symbol(error.condition),
    };
    return { body: null, application_properties };
  }
}

/** As core-amqp's `ConditionStatusMapper` has them. */
const statusCodes: Readonly<Record<RefusalCondition, number>> = {
  'amqp:not-found': 404,
  'amqp:not-allowed': 400,
  'amqp:not-implemented': 501,
  'amqp:link:message-size-exceeded': 403,
  'com.microsoft:argument-error': 400,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:message-not-found': 404,
  'com.microsoft:session-cannot-be-locked': 410,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:timeout': 408,
};
