import type { InvocationContext } from '@azure/functions';

import { isRefusal, type Services } from '../infra/services.ts';

/**
 * Runs `handle`. What can never be processed (malformed, or about something never stored) goes to the queue `rejected`
 * with its reason, and the message counts as done, so that it delays no other; anything else is thrown for the platform
 * to deliver again.
 */
export async function orReject(
  source: string,
  original: unknown,
  reject: Services['reject'],
  context: InvocationContext,
  handle: () => Promise<void>,
): Promise<void> {
  try {
    await handle();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    context.warn(`Rejected a message of ${source}: ${error.message}`);
    const messageId = context.triggerMetadata?.['messageId'];
    await reject(source, error.message, original, typeof messageId === 'string' ? messageId : undefined);
    // One JSON line, so that Application Insights can be asked for the count by source.
    context.log(JSON.stringify({ metric: 'kerbwatch.rejected', unit: 'count', value: 1, source }));
  }
}
