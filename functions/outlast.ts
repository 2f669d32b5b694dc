import type { InvocationContext } from '@azure/functions';

import { isOutage } from '../infra/services.ts';

const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** A function may run for ten minutes, and keeps its message's lock for as long. */
const patienceMs = 5 * 60_000;

/**
 * Tries again for five minutes while something that the work needs does not answer. A message that fails comes back at once,
 * so that an outage of seconds would use up all its deliveries, and the message would end in the dead letters.
 * @throws what `work` throws, at once or when patience ends
 */
export async function outlast<T>(
  work: () => Promise<T>,
  context: Pick<InvocationContext, 'warn'>,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<T> {
  let waitedMs = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || waitedMs + pauseMs > patienceMs) throw error;
      context.warn(`Tries again in ${String(pauseMs / 1000)} s: ${error.message}`);
    }
    await wait(pauseMs);
    waitedMs += pauseMs;
  }
}
