import type { Json } from '../../../domain/model/verdict.ts';
import { guid } from '../../domain/build.ts';

/** A storage account, and the app that stands for it, as they are in truth. */
export interface LiveAccount {
  readonly name: string;
  exists: boolean;
  subscriptionId: string;
  createdAt: number;
  /** Whether `directoryServiceOptions` is AADKERB; else None. */
  kerberos: boolean;
  smbOAuth: boolean;
  /** Whether an approved private endpoint leads to its file shares. */
  privateEndpoint: boolean;
  /** `properties` of its file service, which a PUT replaces. */
  files: Readonly<Record<string, Json>>;
  app: LiveApp | null;
}

export interface LiveApp {
  /** Tells its objects from those of every other. */
  readonly number: number;
  /** Tenant-wide ones, in the order in which they were given. */
  consents: readonly LiveConsent[];
  assignmentRequired: boolean;
  /** Names beside the six that the storage provider gives, as spelled. */
  moreNames: readonly string[];
  tags: readonly string[];
  passwordEndsAt: number;
}

export interface LiveConsent {
  readonly id: string;
  readonly by: 'administrator' | 'remediator';
  /** Separated by spaces. */
  readonly scope: string;
}

export interface LivePolicy {
  state: 'disabled' | 'enabledForReportingButNotEnforced' | 'enabled';
  /** The appIds that it excludes, in order. */
  excluded: readonly string[];
  /** Edits so far; stands for the time of the last one. */
  edits: number;
}

/** Azure and Entra as they are in truth, whoever can see what of it. */
export interface LiveTenant {
  readonly accounts: LiveAccount[];
  policy: LivePolicy;
  apps: number;
  consents: number;
}

export const subscriptionIds = [guid(2), guid(3), guid(4)] as const;

export function accountIdOf({ name, subscriptionId }: Pick<LiveAccount, 'name' | 'subscriptionId'>): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${name}`;
}

export function accountKeyOf(account: Pick<LiveAccount, 'name' | 'subscriptionId'>): string {
  return accountIdOf(account).toLowerCase();
}
