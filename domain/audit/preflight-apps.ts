import type { TargetApp } from '../conditional-access/application-filter.ts';
import { type Collection, type Gap, gapsOf, itemsOf } from '../model/collection.ts';
import type { DirectoryFacts } from '../model/facts.ts';
import type { Settings } from '../model/settings.ts';
import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import { indexDirectory, type Directory } from '../rules/directory.ts';
import { foreignTenantGaps } from '../rules/foreign-tenant.ts';
import { identitySource } from '../rules/identity-source.ts';
import { findStorageApp, type StorageApp } from '../rules/storage-app.ts';
import { mayBeStorageApp } from './may-be-storage-app.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import { inScope } from './evaluate.ts';

/** The storage app of an account, as policies look at it. */
export interface PreflightApp {
  readonly account: string;
  readonly target: TargetApp;
  /** Object ids of the application and its principal, lower case: what policies name by mistake. */
  readonly objectIds: readonly string[];
}

/** The storage apps that policies could reach. */
export interface PreflightApps {
  /** By account name, then appId; an account may have several candidates. */
  readonly apps: readonly PreflightApp[];
  /** Names of accounts whose app, or whose surer app, was not seen; sorted. */
  readonly unseen: readonly string[];
  /** There may be accounts that were not seen. */
  readonly moreAccounts: boolean;
  /** Names of accounts of another tenant, which these policies do not reach; sorted. */
  readonly foreign: readonly string[];
  /** Whether an appId may be that of a storage app that was not seen; `account` null: of any account. */
  readonly mayBeUnseen: (appId: string, account: string | null) => boolean;
  readonly gaps: readonly Gap[];
}

/** The storage apps of the Entra Kerberos accounts that settings leave in scope; an account that proves to have none counts for nothing. */
export function preflightApps(
  directory: DirectoryFacts,
  storageAccounts: Collection<StorageAccount>,
  settings: Settings,
): PreflightApps {
  const indexed = indexDirectory(directory);
  const accounts = itemsOf(storageAccounts).filter((account) => mayHaveApp(account) && inScope(account, settings));
  const isForeign = (account: StorageAccount) => foreignTenantGaps(account, indexed, ['service-principals']).length > 0;
  const own = accounts.filter((account) => !isForeign(account)).map((account) => appsOf(account, indexed));
  const gaps = [storageAccounts, directory.applications, directory.servicePrincipals].flatMap(gapsOf);
  return {
    apps: own.flatMap(({ apps }) => apps).sort(byAccount),
    unseen: own.flatMap(({ unseen }) => unseen).sort(byCodeUnit),
    moreAccounts: gapsOf(storageAccounts).length > 0,
    foreign: accounts
      .filter(isForeign)
      .map(({ name }) => name)
      .sort(byCodeUnit),
    mayBeUnseen: (appId, account) => mayBeStorageApp(appId, account, indexed),
    gaps,
  };
}

/** A kind or an identity source that is not known may well be one with an app. */
function mayHaveApp({ kind, directoryService }: StorageAccount): boolean {
  const source = identitySource(directoryService);
  return holdsSmbShares(kind) !== 'no' && (source === 'AADKERB' || source === null);
}

function appsOf(account: StorageAccount, directory: Directory): Pick<PreflightApps, 'apps' | 'unseen'> {
  const search = findStorageApp(account, directory);
  switch (search.state) {
    case 'absent':
      return { apps: [], unseen: [] };
    case 'no-host':
    case 'unknown':
      return { apps: [], unseen: [account.name] };
    case 'found':
      return {
        apps: search.candidates.filter(({ principal }) => principal.state !== 'missing').map(appOf(account.name)),
        unseen: search.doubt.length > 0 ? [account.name] : [],
      };
  }
}

function appOf(account: string): (app: StorageApp) => PreflightApp {
  return ({ appId, application, principal }) => {
    const object = 'object' in principal ? principal.object : null;
    return {
      account,
      target: { appId, securityAttributes: object?.securityAttributes ?? null },
      objectIds: [application?.id, object?.id].filter((id) => id !== undefined),
    };
  };
}

function byAccount(a: PreflightApp, b: PreflightApp): number {
  return byCodeUnit(a.account, b.account) || byCodeUnit(a.target.appId, b.target.appId);
}
