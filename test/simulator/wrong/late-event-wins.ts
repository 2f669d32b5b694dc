import type { AccountEvent } from '../tenant/event.ts';
import { fileServicesOf, storageAccountOf } from '../tenant/facts-of.ts';
import type { Wrong } from './wrong.ts';

/** Believes what the event that came last says of its account, however late it came. */
export function lateEventWins(): Wrong {
  const raised = new Map<string, AccountEvent>();
  const cameLast = new Map<string, AccountEvent>();
  return {
    onEvent: (event) => void raised.set(event.id, event),
    parts: (parts) => ({
      ...parts,
      inbox: {
        ...parts.inbox,
        take: (place, entry) => {
          const event = raised.get(entry.eventId);
          if (event !== undefined) cameLast.set(place, event);
          return parts.inbox.take(place, entry);
        },
      },
      facts: {
        ...parts.facts,
        async account(accountId) {
          const reading = await parts.facts.account(accountId);
          const event = cameLast.get(accountId.toLowerCase());
          if (event === undefined) return reading;
          if (event.kind === 'delete') return { state: 'absent' };
          return {
            state: 'found',
            account: storageAccountOf(event.account),
            fileServices: fileServicesOf(event.account),
          };
        },
      },
    }),
  };
}
