import type { SubscriptionKey } from './subscriptions.ts';

/** The storage app of an account: made by the storage provider, by the manual preview of 2021, broken or absent. */
export type AppPlan =
  'managed' | 'legacy' | 'missing' | 'without-principal' | 'disabled-principal' | 'two-claim-the-host';

/** How Conditional Access treats the app; every word but 'excluded' and 'dangling' names the policy that hurts it. */
export type AccessPlan =
  | 'excluded'
  | 'not-excluded'
  /** The exclusion names the appId the account had before it was switched off and on again. */
  | 'dangling'
  | 'report-only'
  | 'explicit-for-groups'
  | 'authentication-strength'
  | 'mfa-or-compliant-device'
  | 'guests'
  | 'untrusted-location'
  | 'unknown-control'
  /** Excluded wherever MFA is demanded, and blocked by a policy that names this app alone. */
  | 'blocked';

export type ConsentPlan =
  | 'granted'
  | 'granted-in-odd-case'
  | 'more-than-needed'
  | 'none'
  | 'user-read-missing'
  | 'one-user-only'
  | 'on-another-resource';

/** Days left of each password (null: no end date), and the days since it was issued where that matters. */
export type PasswordPlan = readonly { readonly endsIn: number | null; readonly startedAgo: number }[];

export interface AccountPlan {
  readonly name: string;
  readonly subscription: SubscriptionKey;
  /** The account is gone; what it had in the directory is still there. */
  readonly deleted?: boolean;
  readonly kind: 'Storage' | 'StorageV2' | 'BlobStorage' | 'FileStorage' | 'BlockBlobStorage';
  readonly sku: string;
  /** 'absent' has no such object at all, 'null' has it as null; else the value of directoryServiceOptions. */
  readonly source: string;
  readonly residue?: 'none' | 'domain-name-only' | 'domain-pair' | 'ad-properties';
  readonly smbOAuth?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly zoneHost?: boolean;
  readonly app?: AppPlan;
  readonly access?: AccessPlan;
  readonly consent?: ConsentPlan;
  readonly passwords?: PasswordPlan;
  /** 'none-anywhere': the lists are there and empty. */
  readonly noPasswords?: 'on-the-principal' | 'none-anywhere';
  readonly assignmentRequired?: boolean;
  readonly cloudGroupTag?: boolean;
  readonly lowerCaseNames?: boolean;
  /** A service class for which the app has no names. */
  readonly missingService?: 'HOST' | 'HTTP';
  /** Somebody made himself an owner of the application. */
  readonly owned?: boolean;
  /** Sub-resources of its private endpoints, and whether the app carries the private link names. */
  readonly privateEndpoints?: readonly ('file' | 'blob')[];
  readonly privateLinkNames?: boolean;
  readonly defaultSharePermission?: string;
  /** Where a role gives a group rights on its shares; absent: at the account. */
  readonly shareRole?: 'at-the-account' | 'none' | 'at-a-share' | 'custom-at-the-group';
  /** `properties.protocolSettings` of the file service; absent as a recording of a plain account shows it. */
  readonly protocolSettings?: unknown;
}
