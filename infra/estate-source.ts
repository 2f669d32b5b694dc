import type { Collection, CollectionName, Gap } from '../domain/model/collection.ts';

/** An object as the API returned it. */
export type WireObject = Readonly<Record<string, unknown>>;

/** How many requests went out; `throttled` counts answers of 429 and 503, not distinct requests. */
export interface RequestCounts {
  resourceGraph: number;
  graph: number;
  arm: number;
  throttled: number;
}

/** What a read of one account through ARM said. 404 is absence; everything else that is no 200 is a gap, never absence. */
export type AccountReading =
  | { readonly state: 'found'; readonly account: WireObject }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly gap: Gap };

export type NameAvailability = 'taken' | 'free';

/** Where an estate is read from: live Azure, or a snapshot of it. Objects come in wire format, whole lists at a time. */
export interface EstateSource {
  readonly kind: 'live' | 'snapshot';
  /** Lower case. */
  readonly tenantId: string;
  readonly cloud: 'AzurePublic' | 'AzureUSGovernment' | 'AzureChinaCloud';
  /** When the snapshot was taken, epoch milliseconds; null for a live source, whose time is now. */
  readonly capturedAt: number | null;
  /** What part of the tenant is looked at, lower case; both empty: all that the caller sees. Absent for a snapshot. */
  readonly scope?: { readonly subscriptions: readonly string[]; readonly managementGroups: readonly string[] };
  /** Pages that came of each list so far; absent where nothing comes in pages. */
  readonly pages?: ReadonlyMap<CollectionName, number>;
  /** Ids of the subscriptions read whole, lower case, sorted; null where the source cannot tell (a snapshot). */
  readableSubscriptions(): Promise<readonly string[] | null>;
  read(collection: CollectionName): Promise<Collection<WireObject>>;
  readAccount(accountId: string): Promise<AccountReading>;
  /** The file services of these accounts (ARM ids in any case); nothing for an account that is not there. */
  readFileServices(accountIds: readonly string[]): Promise<Collection<WireObject>>;
  /** Whether a storage account of that name exists anywhere in the cloud; null where that cannot be told. */
  nameAvailability(name: string): Promise<NameAvailability | null>;
  readonly requests: RequestCounts;
}
