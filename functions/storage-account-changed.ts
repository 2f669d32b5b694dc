import { app, type InvocationContext } from '@azure/functions';

import { orReject } from './reject.ts';
import { services } from './services.ts';

/** Event Grid says that something about a storage account changed (Event Grid schema or CloudEvents): look at it when the burst is over. */
export async function storageAccountChanged(event: unknown, context: InvocationContext): Promise<void> {
  const { auditor, read, reject } = await services();
  await orReject('storage-account-changed', event, reject, context, async () => {
    const seen = read.storageEvent(event);
    const followed = await auditor.followEvent(seen);
    switch (followed.outcome) {
      case 'queued':
        context.log(`Event ${seen.eventId}: queued the audit of ${followed.accountIds.join(', ')}`);
        return;
      case 'duplicate':
        context.log(`Event ${seen.eventId} came before and is done`);
        return;
      case 'passed-over':
        context.log(`Event ${seen.eventId}: nothing to look at, ${followed.why}`);
        return;
      case 'left-to-the-night':
        context.log(`Event ${seen.eventId} is left to the nightly audit: ${followed.why}`);
        return;
    }
  });
}

export function register(): void {
  app.eventGrid('storage-account-changed', { handler: storageAccountChanged });
}
