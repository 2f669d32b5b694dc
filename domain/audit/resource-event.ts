import type { Actor } from '../findings/finding.ts';

/** What an event is about, as far as it tells without anything being read: a hint where to look (law 2). */
export type EventAbout =
  | { readonly kind: 'account'; readonly accountId: string }
  /** It leads to accounts that only reading it tells. */
  | { readonly kind: 'private-endpoint'; readonly endpointId: string }
  /** A role was given or taken at a scope above accounts: a resource group, a subscription, a management group, `/`. */
  | { readonly kind: 'role-scope'; readonly scope: string }
  | { readonly kind: 'nothing'; readonly why: string };

/** An event of either schema and topic, in one shape. Ids in any case. */
export interface ResourceEvent {
  readonly eventId: string;
  readonly about: EventAbout;
  /** The resource's own time of the change, epoch milliseconds; null where the event tells none that can be read. */
  readonly at: number | null;
  /** As the event claims, which is no proof. */
  readonly actor: Actor;
}
