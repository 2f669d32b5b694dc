import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Gap } from '../model/collection.ts';
import type { AccountLink } from './account-link.ts';
import type { DeltaList, WatchedList } from './watched-lists.ts';

/** An object that was added, changed or removed since the last look; removed, it has nothing but its id. */
export interface DirectoryChange {
  /** Object id as it came. A grant's is base64url, whose case counts. */
  readonly id: string;
  readonly removed: boolean;
  /** Of an application or a principal, lower case. */
  readonly appId: string | null;
  /** Of a grant: object id of the client's service principal, lower case. */
  readonly clientId: string | null;
  /** Of a grant: `AllPrincipals`, `Principal`; unknown values are kept. */
  readonly consentType: string | null;
  /** Display name, identifierUris and servicePrincipalNames, lower case. */
  readonly names: readonly string[];
}

/** `whole`: there was no position to go on from, so the changes are all there is, and anything may have changed. */
export type DeltaReading =
  | {
      readonly state: 'read';
      readonly changes: readonly DirectoryChange[];
      /** Where the next look goes on; opaque. */
      readonly position: string;
      readonly whole: boolean;
    }
  | { readonly state: 'unreadable'; readonly gap: Gap };

/** A policy as the watch compares it. `content` is its wire form, `hash` that of the content whatever the order in it. */
export interface WatchedPolicy {
  /** Lower case. */
  readonly id: string;
  readonly hash: string;
  /** null: not what its schema says, so nobody knows what it does. */
  readonly policy: ConditionalAccessPolicy | null;
  readonly content: Readonly<Record<string, unknown>>;
  /** When it was last modified or else created, as it says itself, epoch milliseconds; null where it does not. */
  readonly modifiedAt: number | null;
}

export type PoliciesReading =
  | { readonly state: 'read'; readonly policies: readonly WatchedPolicy[] }
  | { readonly state: 'unreadable'; readonly gap: Gap };

/** The tenant's directory, asked for what has changed: four requests where nothing has. */
export interface DirectoryDeltas {
  /** In lower case. */
  readonly tenantId: string;
  /**
   * @param position of the last look; null starts at the beginning, and so does one that has expired.
   * @param mayStartOver false: one that has expired makes the list unreadable for now; default true.
   */
  changes(list: DeltaList, position: string | null, mayStartOver?: boolean): Promise<DeltaReading>;
  /** Every policy, in one list call. */
  policies(): Promise<PoliciesReading>;
}

/** How far one list was watched. Times are epoch milliseconds. */
export interface WatchedPosition {
  /** Of a delta; of Conditional Access the hash over all policies. null: never read. */
  readonly position: string | null;
  /** When the look began that it was saved after. */
  readonly savedAt: number;
  /** How often it was saved. */
  readonly turn: number;
  /** Why it cannot be read now, and since when; null while it can. Nothing may be taken for unchanged until it can. */
  readonly unreadable: { readonly gap: Gap; readonly since: number } | null;
  /** When it was last read from its start because its position had expired; absent in a row of an older version. */
  readonly startedOverAt?: number | null | undefined;
  /** When accounts were last queued because their links lacked it; absent: never, or by an older version. */
  readonly askedAgainAt?: number | null | undefined;
  /** Of Conditional Access: digest of what the policies say; null or absent where one of them could not be read. */
  readonly says?: string | null | undefined;
}

/**
 * When each list was last read, quiet looks included, for those are not stored: epoch milliseconds, the beginning of the
 * look. Kept for the process, so after a restart only what was saved is known.
 */
export type LastLooks = Map<WatchedList, number>;

export interface WatchStore {
  read(): Promise<ReadonlyMap<WatchedList, WatchedPosition>>;
  save(list: WatchedList, position: WatchedPosition): Promise<void>;
  /** The policies as last compared. */
  policies(): Promise<readonly WatchedPolicy[]>;
  /** Keeps those that are new or changed, and forgets those that are gone. */
  savePolicies(changed: readonly WatchedPolicy[], goneIds: readonly string[]): Promise<void>;
}

/** From which objects of the directory a change leads to which account. */
export interface AccountLinks {
  /** Those of these accounts of one subscription, by account key. */
  of(subscriptionId: string, accountKeys: readonly string[]): Promise<ReadonlyMap<string, AccountLink>>;
  save(subscriptionId: string, links: readonly AccountLink[]): Promise<void>;
  /** For an account that is gone; forgetting it twice is no error. @param at when that was seen, epoch milliseconds */
  remove(subscriptionId: string, accountKey: string, at: number): Promise<void>;
  /** Those of every account. */
  all(): AsyncIterable<AccountLink>;
  /** Those that were removed, until they are purged: an account that turns up under another id was one of these. */
  removed(): AsyncIterable<AccountLink>;
}

/** What an audit knew of a list that the watch may not have known: the next look has those accounts audited again. */
export interface WatchMark {
  readonly list: WatchedList;
  /** ARM id; null: all accounts with an app, or of a delta those whose links lack the list. */
  readonly accountId: string | null;
  /** Of Conditional Access: digest of what the policies said; null where they were not read whole, and of a delta. */
  readonly seen: string | null;
}

/** One that is stored; `version` changes each time that it is set. */
export interface StoredMark extends WatchMark {
  readonly version: string;
}

/** Marks, one for each list and account. */
export interface WatchMarks {
  set(mark: WatchMark): Promise<void>;
  all(): Promise<readonly StoredMark[]>;
  /** Forgets one, unless it was set again since it was read. */
  remove(mark: StoredMark): Promise<void>;
}
