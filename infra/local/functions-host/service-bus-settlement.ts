import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { settledWithin } from '../../settled-within.ts';
import type { Log } from './host-log.ts';
import type { Invoker } from './invoker.ts';
import type { RegisteredFunction } from './registered-function.ts';
import { messageInput, messageMetadata } from './service-bus-input.ts';

/** A settlement under way when the connection drops may never end in the client; waited for, its place would be lost for good. */
const patienceMs = 5_000;

export interface Processing {
  readonly invoker: Invoker;
  readonly log: Log;
  /** Called when the handler has ended, before the message is settled. */
  readonly onHandled?: () => void;
}

/** Calls the function with one message: complete when it returns, abandon when it throws. Never rejects. */
export async function processMessage(
  target: RegisteredFunction,
  receiver: Pick<ServiceBusReceiver, 'completeMessage' | 'abandonMessage'>,
  message: ServiceBusReceivedMessage,
  { invoker, log, onHandled }: Processing,
): Promise<void> {
  const failed = await invoker.invoke(target, messageInput(message), messageMetadata(message)).then(
    () => false,
    () => true,
  );
  onHandled?.();
  try {
    const settling = failed ? receiver.abandonMessage(message) : receiver.completeMessage(message);
    if (!(await settledWithin(patienceMs, settling))) throw new Error('there was no answer.');
    await settling;
  } catch (error) {
    // The lock or the broker is gone. The message comes again, which is what "at least once" means.
    const id = message.messageId?.toString() ?? '';
    const reason = error instanceof Error ? error.message : String(error);
    log({
      level: 'warning',
      category: 'host',
      functionName: target.name,
      message: `Message ${id} could not be ${failed ? 'abandoned' : 'completed'} and will be delivered again: ${reason}`,
    });
  }
}
