import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';

/** The wait after a lock could not be renewed. */
const retryMs = 500;

/**
 * Renews a message's lock, at half the time it has left, until the result is called: while its handler runs, as the platform
 * does. The client's own renewal goes on for a message that came before its connection was made anew, also when nobody has
 * it in hand any more; such a message would come again only when `longestMs` is over.
 */
export function keepLock(
  receiver: Pick<ServiceBusReceiver, 'renewMessageLock'>,
  message: ServiceBusReceivedMessage,
  longestMs: number,
): () => void {
  const end = Date.now() + longestMs;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function renewIn(milliseconds: number): void {
    if (stopped || Date.now() >= end) return;
    timer = setTimeout(() => {
      receiver.renewMessageLock(message).then(
        (until) => {
          renewIn(halfOf(until));
        },
        // Lost, or the broker is away: where it comes back in time the lock is saved.
        () => {
          renewIn(retryMs);
        },
      );
    }, milliseconds);
  }

  renewIn(halfOf(message.lockedUntilUtc));
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function halfOf(until: Date | undefined): number {
  return until === undefined ? retryMs : Math.max(0, (until.getTime() - Date.now()) / 2);
}
