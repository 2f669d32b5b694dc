import type { Settings } from '../model/settings.ts';
import type { Inbox, InboxEntry } from './inbox.ts';
import { queueAccounts, type QueuePorts } from './queue-account.ts';
import type { EventAbout, ResourceEvent } from './resource-event.ts';

/** Which storage accounts a private endpoint leads to. */
export interface EndpointTargets {
  /** ARM ids; null when nobody can tell. */
  of(endpointId: string): Promise<readonly string[] | null>;
}

/** Accounts that the store knows. */
export interface KnownAccounts {
  /** ARM ids of those at or below a scope (lower case); null where there are more than `limit`, or it is not told what lies below. */
  under(scope: string, limit: number): Promise<readonly string[] | null>;
}

export interface FollowEventPorts extends QueuePorts {
  readonly inbox: Inbox;
  readonly endpoints: EndpointTargets;
  readonly known: KnownAccounts;
}

export type Followed =
  | { readonly outcome: 'queued'; readonly accountIds: readonly string[] }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'passed-over' | 'left-to-the-night'; readonly why: string };

/** A role given at a wide scope touches more accounts than an event should wake. */
const accountLimit = 50;

/**
 * Follows an event to the accounts it may touch, and queues their audits. The event is kept before and marked as done
 * after: a crash between the two means that its next delivery is followed again; after that, never.
 */
export async function followEvent(
  event: ResourceEvent,
  settings: Settings,
  ports: FollowEventPorts,
): Promise<Followed> {
  const { about } = event;
  if (about.kind === 'nothing') return { outcome: 'passed-over', why: about.why };
  const place = placeOf(about);
  const entry = await taken(place, event, ports);
  if (entry === null) return { outcome: 'duplicate' };
  const found = await accountsOf(about, ports);
  if ('why' in found) {
    await ports.inbox.finish(place, entry);
    return { outcome: 'left-to-the-night', why: found.why };
  }
  const { accountIds } = found;
  // What is about an account is kept with the account, where its audit looks for who changed it.
  const more = accountIds.filter((id) => id.toLowerCase() !== place);
  for (const id of more) await ports.inbox.take(id.toLowerCase(), entry);
  await queueAccounts(
    accountIds.map((accountId) => ({ ...entry, accountId })),
    settings,
    ports,
  );
  for (const id of more) await ports.inbox.finish(id.toLowerCase(), entry);
  await ports.inbox.finish(place, entry);
  return { outcome: 'queued', accountIds };
}

/** The event as it first came, or null when it was followed to the end before. */
async function taken(
  place: string,
  { eventId, at, actor }: ResourceEvent,
  ports: FollowEventPorts,
): Promise<InboxEntry | null> {
  const entry = { eventId, at, actor, receivedAt: ports.now() };
  const { state, receivedAt } = await ports.inbox.take(place, entry);
  // With the time of its first receipt it falls into the window of then: one message, however often it comes.
  return state === 'done' ? null : { ...entry, receivedAt };
}

type Touched = { readonly accountIds: readonly string[] } | { readonly why: string };

async function accountsOf(about: Exclude<EventAbout, { kind: 'nothing' }>, ports: FollowEventPorts): Promise<Touched> {
  switch (about.kind) {
    case 'account':
      return { accountIds: [about.accountId] };
    case 'private-endpoint': {
      const accountIds = await ports.endpoints.of(about.endpointId);
      if (accountIds === null) return { why: 'nobody can tell where that private endpoint leads' };
      return accountIds.length === 0 ? { why: 'that private endpoint leads to no storage account' } : { accountIds };
    }
    case 'role-scope': {
      const accountIds = await ports.known.under(about.scope.toLowerCase(), accountLimit);
      if (accountIds === null)
        return { why: `more than ${String(accountLimit)} accounts, or a management group, may be touched` };
      return accountIds.length === 0 ? { why: 'no account below that scope is known' } : { accountIds };
    }
  }
}

function placeOf(about: Exclude<EventAbout, { kind: 'nothing' }>): string {
  switch (about.kind) {
    case 'account':
      return about.accountId.toLowerCase();
    case 'private-endpoint':
      return about.endpointId.toLowerCase();
    case 'role-scope':
      return about.scope.toLowerCase();
  }
}
