import { app, type InvocationContext, type Timer } from '@azure/functions';

import { services } from './services.ts';

/** As many accounts as a line of the log names. */
const namedAtMost = 10;

/** Looks what has changed in the directory, and queues the accounts that it touches. */
export async function directoryWatch(_timer: Timer, context: InvocationContext): Promise<void> {
  const { auditor } = await services();
  const { id, changes, startedOver, accountIds, gaps } = await auditor.watchDirectory();
  for (const { collection, reason, needs } of gaps) {
    context.warn(
      `Directory watch ${id}: ${collection} could not be read (${reason}${needs === null ? '' : `; it takes ${needs}`}), ` +
        'so nobody knows what changed there; the next look goes on from the same place',
    );
  }
  if (startedOver.length > 0) context.log(`Directory watch ${id}: read from the start: ${startedOver.join(', ')}`);
  if (changes + accountIds.length === 0) return;
  const named = accountIds.map((accountId) => accountId.slice(accountId.lastIndexOf('/') + 1)).sort();
  const more = named.length - namedAtMost;
  context.log(
    `Directory watch ${id}: changes: ${String(changes)}, accounts touched: ${String(named.length)}` +
      (named.length > 0
        ? ` (${named.slice(0, namedAtMost).join(', ')}${more > 0 ? `, ${String(more)} more` : ''})`
        : ''),
  );
}

export function register(): void {
  app.timer('directory-watch', { schedule: '%KERBWATCH_WATCH_SCHEDULE%', handler: directoryWatch });
}
