import { app, type InvocationContext } from '@azure/functions';

import { orReject } from './reject.ts';
import { services } from './services.ts';

/** Event Grid says that a storage account changed (Event Grid schema or CloudEvents): look at it when the burst is over. */
export async function storageAccountChanged(event: unknown, context: InvocationContext): Promise<void> {
  const { auditor, read, reject } = await services();
  await orReject('storage-account-changed', event, reject, context, async () => {
    const hint = read.storageEvent(event);
    if (hint === null) {
      context.log('The event is about no storage account; nothing to look at');
      return;
    }
    await auditor.queueAccount(hint);
    context.log(`Event ${hint.eventId}: queued the audit of ${hint.accountId}`);
  });
}

export function register(): void {
  app.eventGrid('storage-account-changed', { handler: storageAccountChanged });
}
