import type { AttributedLater } from '../drift/attributed-later.ts';
import type { Attribution } from '../drift/attribution.ts';
import type { ChangeRecord } from '../drift/conclude.ts';
import type { FactChange } from '../drift/fact-change.ts';
import type { SeenFacts } from '../drift/fact-values.ts';
import type { GapReason } from '../model/collection.ts';

/** What is known of an account, as stored. */
export interface KnownFacts extends SeenFacts {
  readonly fingerprint: string;
  /** How many times the facts have been written; tells a change from the same one before. */
  readonly revision: number;
  /** When the facts were read that these rest on, epoch milliseconds: older ones must not replace them. */
  readonly readAt: number;
  /** Stored with the facts that show them, and not told yet: to history, and to whoever finds out who did it. */
  readonly pending: readonly FactChange[];
}

export interface StoredFacts {
  readonly facts: KnownFacts;
  /** ETag. */
  readonly version: string;
}

export interface FactsToSave {
  readonly accountKey: string;
  readonly facts: KnownFacts;
  /** null: nothing must be stored of the account yet. */
  readonly version: string | null;
}

/** The watched facts of accounts. Account keys are ARM ids in lower case. */
export interface FactStore {
  of(subscriptionId: string, accountKeys: readonly string[]): Promise<ReadonlyMap<string, StoredFacts>>;
  /** @returns the accounts that somebody else wrote first, of which nothing was saved. */
  save(subscriptionId: string, entries: readonly FactsToSave[]): Promise<readonly string[]>;
}

/** What came of looking for who made a change: kept beside it, since nothing in history is ever written again. */
export interface StoredAttribution {
  readonly changeId: string;
  readonly key: string;
  readonly attribution: Attribution;
  /** The transitions of findings that the change explains. */
  readonly transitions: readonly { readonly rule: string; readonly number: number }[];
  /** When it was found out, epoch milliseconds; absent in what an older version wrote. */
  readonly attributedAt?: number | undefined;
}

/** What was found out since the run before of who made changes: alerts did not wait for it. */
export interface Digest {
  readonly count: number;
  readonly changes: readonly AttributedLater[];
}

/** Changes of watched facts in history, beside the transitions of findings. */
export interface ChangeHistory {
  /** Appending a change that is there already changes nothing. */
  append(change: FactChange): Promise<void>;
  /** Oldest first. @param key ARM id in lower case */
  of(key: string): Promise<readonly FactChange[]>;
  /** Of all accounts, those that are gone too; in the order of the store. */
  all(): AsyncIterable<FactChange>;
  find(key: string, changeId: string): Promise<FactChange | null>;
  /** The first attribution of a change stands. */
  attribute(attribution: StoredAttribution): Promise<void>;
  attributionsOf(key: string): Promise<readonly StoredAttribution[]>;
  /**
   * Changes of all accounts of which it was found out who made them after `after` and not later than `until` (epoch
   * milliseconds): how many, and the first `most` by that time.
   */
  attributedBetween(after: number, until: number, most: number): Promise<Digest>;
}

/** The records of changes, or why they could not be read. */
export type RecordsReading =
  | { readonly state: 'read'; readonly records: readonly ChangeRecord[] }
  | { readonly state: 'unreadable'; readonly reason: GapReason; readonly needs: string | null };

/** The records that Azure and Entra themselves keep of who changed what. Both come minutes late. */
export interface ChangeLog {
  /** @param resourceId ARM id, lower case @param since epoch milliseconds */
  ofResource(resourceId: string, since: number): Promise<RecordsReading>;
  /** @param objectIds of Entra @param since epoch milliseconds */
  ofDirectory(objectIds: readonly string[], since: number): Promise<RecordsReading>;
}
