import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { Log } from './host-log.ts';
import type { Invoker } from './invoker.ts';
import type { RegisteredFunction } from './registered-function.ts';
import { messageInput, messageMetadata } from './service-bus-input.ts';

/** Calls the function with one message: complete when it returns, abandon when it throws. Never rejects. */
export async function processMessage(
  target: RegisteredFunction,
  receiver: ServiceBusReceiver,
  message: ServiceBusReceivedMessage,
  invoker: Invoker,
  log: Log,
): Promise<void> {
  const failed = await invoker.invoke(target, messageInput(message), messageMetadata(message)).then(
    () => false,
    () => true,
  );
  try {
    await (failed ? receiver.abandonMessage(message) : receiver.completeMessage(message));
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
