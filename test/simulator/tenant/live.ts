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
  app: LiveApp | null;
}

export interface LiveApp {
  /** Tells its objects from those of every other. */
  readonly number: number;
  /** Who gave each tenant-wide consent that it has. */
  consents: ('administrator' | 'remediator')[];
  passwordEndsAt: number;
}

export interface LivePolicy {
  state: 'disabled' | 'enabledForReportingButNotEnforced' | 'enabled';
  /** Numbers of apps that it excludes. */
  readonly excluded: Set<number>;
}

/** Azure and Entra as they are in truth, whoever can see what of it. */
export interface LiveTenant {
  readonly accounts: LiveAccount[];
  readonly policy: LivePolicy;
  apps: number;
}

export const subscriptionIds = [guid(2), guid(3), guid(4)] as const;

export function accountIdOf({ name, subscriptionId }: Pick<LiveAccount, 'name' | 'subscriptionId'>): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${name}`;
}

export function accountKeyOf(account: Pick<LiveAccount, 'name' | 'subscriptionId'>): string {
  return accountIdOf(account).toLowerCase();
}
