import { gapsOf, type Gap } from '../model/collection.ts';
import type { Application, ServicePrincipal } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from './directory.ts';
import { originOf, type StorageAppOrigin } from './storage-app-origin.ts';
import { storageAppNames } from './storage-app-names.ts';
import { byCodeUnit } from './verdicts.ts';

/** What the app was found by, surest first. */
export type StorageAppTier = 'servicePrincipalName' | 'identifierUri' | 'displayName';

/** `unclear`: `accountEnabled` was not read. `unread`: not seen, in a list that was not read whole. */
export type StorageAppPrincipal =
  | { readonly state: 'enabled' | 'disabled' | 'unclear'; readonly object: ServicePrincipal }
  | { readonly state: 'missing' }
  | { readonly state: 'unread'; readonly gaps: readonly Gap[] };

/** One application that claims to be the account's Kerberos service. */
export interface StorageApp {
  /** Lower case. */
  readonly appId: string;
  readonly displayName: string;
  /** null where it was not seen. */
  readonly application: Application | null;
  readonly principal: StorageAppPrincipal;
  readonly origin: StorageAppOrigin;
}

export type StorageAppSearch =
  | {
      readonly state: 'found';
      readonly tier: StorageAppTier;
      readonly confidence: 'high' | 'low';
      /** One or more, by appId. */
      readonly candidates: readonly StorageApp[];
      /** Gaps in the lists of surer tiers: the app may really be another one. */
      readonly doubt: readonly Gap[];
      /** Gaps in any list the search looked through: there may be more candidates. */
      readonly hiding: readonly Gap[];
    }
  /** Proved: both lists were read whole. */
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly gaps: readonly Gap[] }
  | { readonly state: 'no-host' };

/**
 * Finds the storage app of an account by its host: by SPN among the service principals, then by identifierUri, then by
 * display name; the first tier that matches decides, and its matches are the candidates (design, "Finding the storage
 * app"). Names are compared without case.
 */
export function findStorageApp(account: StorageAccount, directory: Directory): StorageAppSearch {
  const known = searches.get(directory) ?? new WeakMap<StorageAccount, StorageAppSearch>();
  searches.set(directory, known);
  const found = known.get(account) ?? search(account, directory);
  known.set(account, found);
  return found;
}

/** A dozen rules look for the same app; the search is a function of these two alone, and goes when they go. */
const searches = new WeakMap<Directory, WeakMap<StorageAccount, StorageAppSearch>>();

function search(account: StorageAccount, directory: Directory): StorageAppSearch {
  if (account.host === null) return { state: 'no-host' };
  const names = storageAppNames(account.name, account.host, directory.facts.tenantId);
  const principalGaps = gapsOf(directory.facts.servicePrincipals);
  const allGaps = [...principalGaps, ...gapsOf(directory.facts.applications)];
  const candidates = (appIds: readonly string[]) =>
    [...new Set(appIds)].sort(byCodeUnit).map((appId) => storageApp(appId, account, directory));

  const bySpn = names.spns.flatMap((name) => directory.principalsByName(name)).map(({ appId }) => appId);
  if (bySpn.length > 0) {
    const [tier, confidence] = ['servicePrincipalName', 'high'] as const;
    return { state: 'found', tier, confidence, candidates: candidates(bySpn), doubt: [], hiding: principalGaps };
  }
  const byUri = names.spns.flatMap((uri) => directory.applicationsByUri(uri)).map(({ appId }) => appId);
  if (byUri.length > 0) {
    const [tier, confidence] = ['identifierUri', 'high'] as const;
    return { state: 'found', tier, confidence, candidates: candidates(byUri), doubt: principalGaps, hiding: allGaps };
  }
  const byTitle = names.titles
    .flatMap((title) => [...directory.applicationsByDisplayName(title), ...directory.principalsByDisplayName(title)])
    .map(({ appId }) => appId);
  if (byTitle.length > 0) {
    const [tier, confidence] = ['displayName', 'low'] as const;
    return { state: 'found', tier, confidence, candidates: candidates(byTitle), doubt: allGaps, hiding: allGaps };
  }
  return allGaps.length === 0 ? { state: 'absent' } : { state: 'unknown', gaps: allGaps };
}

function storageApp(appId: string, account: StorageAccount, directory: Directory): StorageApp {
  const application = directory.applicationsByAppId(appId)[0] ?? null;
  const principal = principalOf(appId, directory);
  const object = 'object' in principal ? principal.object : null;
  return {
    appId,
    displayName: (object ?? application)?.displayName ?? appId,
    application,
    principal,
    origin: originOf(account, application, object),
  };
}

function principalOf(appId: string, directory: Directory): StorageAppPrincipal {
  const object = directory.principalsByAppId(appId)[0];
  if (object !== undefined) return { state: liveness(object), object };
  const gaps = gapsOf(directory.facts.servicePrincipals);
  return gaps.length === 0 ? { state: 'missing' } : { state: 'unread', gaps };
}

function liveness(principal: ServicePrincipal): 'enabled' | 'disabled' | 'unclear' {
  const byMicrosoft = principal.disabledByMicrosoftStatus;
  // Graph documents `NotDisabled` beside null for a principal in good standing.
  if (byMicrosoft !== null && byMicrosoft.toLowerCase() !== 'notdisabled') return 'disabled';
  if (principal.accountEnabled === null) return 'unclear';
  return principal.accountEnabled ? 'enabled' : 'disabled';
}
