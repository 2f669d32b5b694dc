import { compilePolicy, effectOn } from '../conditional-access/compile.ts';
import { isId } from '../conditional-access/wire-words.ts';
import type { Collection } from '../model/collection.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { identitySource } from '../rules/identity-source.ts';
import { findStorageApp } from '../rules/storage-app.ts';
import type { FormerApps } from './former-apps.ts';
import { manual, none, type Refusal } from './planned.ts';
import { checkedId } from './plan-url.ts';
import { excludes, type WritablePolicy, writablePolicy } from './policy-exclusions.ts';
import { danglingExclusion } from './runbooks/dangling-exclusion.ts';
import { soundApp } from './sound-app.ts';

export interface ExclusionRequest {
  readonly policyId: string;
  /** Those that findings of `mfa-exclusion-not-orphaned` name, any case. */
  readonly appIds: readonly string[];
  /** Every account that was seen. */
  readonly storageAccounts: Collection<StorageAccount>;
  /** null: the history was not read. */
  readonly formerApps: FormerApps | null;
  /** Those of the apps that were deleted and can be restored, lower case; null: not read. */
  readonly restorable: ReadonlySet<string> | null;
  readonly directory: Directory;
}

/** What an excluded app that is not in the tenant stands for. */
export type Dangling =
  | { readonly kind: 'former'; readonly appId: string; readonly account: StorageAccount; readonly newAppId: string }
  | { readonly kind: 'orphan'; readonly appId: string }
  | { readonly kind: 'left'; readonly appId: string; readonly refusal: Refusal };

export interface DanglingExclusions {
  readonly kind: 'dangling';
  readonly target: WritablePolicy;
  /** By appId, lower case, once each. */
  readonly exclusions: readonly Dangling[];
}

/**
 * Tells of each excluded app that is gone whether it was the former app of one account whose present app the policy would
 * reach; or belongs to nobody who would miss it. What cannot be told is for a person.
 */
export function danglingExclusions(request: ExclusionRequest): DanglingExclusions | Refusal {
  const { policyId, storageAccounts, formerApps, restorable, directory } = request;
  const appIds = [...new Set(request.appIds.map((appId) => appId.toLowerCase()))].sort();
  const target = writablePolicy(policyId, directory, { kind: 'exclusions', appIds });
  if (target.kind !== 'writable') return target;
  if (storageAccounts.state !== 'known')
    return none('Storage accounts were not read whole, so one may need the exclusion');
  if (formerApps === null) return none('The history of the accounts was not read, so whose app it was cannot be told');
  const touched = touchedAccounts(storageAccounts.items, target, directory);
  const exclusions = appIds
    .map((appId) => classify(appId, target, directory, storageAccounts.items, formerApps(appId), touched))
    .map((one) => (one.kind === 'orphan' ? unlessRestorable(one, target, restorable, directory) : one));
  return { kind: 'dangling', target, exclusions };
}

/** An app that somebody may bring back needs its exclusion again (domain facts 2.1). */
function unlessRestorable(
  orphan: Extract<Dangling, { kind: 'orphan' }>,
  { policy }: WritablePolicy,
  restorable: ReadonlySet<string> | null,
  directory: Directory,
): Dangling {
  const { appId } = orphan;
  const left = (refusal: Refusal): Dangling => ({ kind: 'left', appId, refusal });
  if (restorable === null) return left(none('Deleted apps were not read, so this one may yet be restored'));
  if (!restorable.has(appId)) return orphan;
  const why = 'The app was deleted less than 30 days ago and can be restored, with the same appId';
  return left(manual(danglingExclusion(policy, appId, [], why, directory)));
}

function classify(
  appId: string,
  target: WritablePolicy,
  directory: Directory,
  accounts: readonly StorageAccount[],
  formerKeys: readonly string[],
  touched: readonly StorageAccount[],
): Dangling {
  const left = (refusal: Refusal): Dangling => ({ kind: 'left', appId, refusal });
  if (!isId(appId)) return left(none('The exclusion is no appId'));
  if (!excludes(target, appId)) return left(none('The policy does not exclude the app any more'));
  if (directory.applicationsByAppId(appId).length > 0 || directory.principalsByAppId(appId).length > 0) {
    return left(none('The app is in the tenant'));
  }
  const ask = (why: string, candidates: readonly StorageAccount[]): Dangling =>
    left(manual(danglingExclusion(target.policy, appId, candidates, why, directory)));
  const [key, otherKey] = formerKeys;
  if (otherKey !== undefined) {
    const several = accounts.filter((account) => formerKeys.includes(account.key));
    return ask('The app was that of several accounts', several);
  }
  if (key === undefined) {
    if (touched.length === 0) return { kind: 'orphan', appId };
    return ask(
      'Whose app it was is not in the history, and the policy reaches apps of accounts that may need it',
      touched,
    );
  }
  // An account that is gone, or that the policy does not reach, misses nothing.
  const account = touched.find((one) => one.key === key);
  if (account === undefined) return { kind: 'orphan', appId };
  const app = soundApp({ account, directory });
  if (app.kind === 'none') return left(app);
  if (app.kind === 'manual') return ask('The account it belonged to has no app now that is beyond doubt', [account]);
  if (target.policy.applications.include.some((entry) => entry.toLowerCase() === app.appId)) {
    return ask('The policy names the present app itself among those it is for', [account]);
  }
  return { kind: 'former', appId, account, newAppId: checkedId(app.appId) };
}

/** Entra Kerberos accounts one of whose apps the policy does something to, or may; by key. */
function touchedAccounts(
  accounts: readonly StorageAccount[],
  { policy }: WritablePolicy,
  directory: Directory,
): readonly StorageAccount[] {
  const compiled = compilePolicy(policy);
  return accounts
    .filter((account) => identitySource(account.directoryService) === 'AADKERB')
    .filter((account) => {
      const search = findStorageApp(account, directory);
      if (search.state !== 'found') return search.state === 'unknown';
      return search.candidates.some(({ appId, principal }) => {
        const securityAttributes = 'object' in principal ? principal.object.securityAttributes : null;
        return effectOn(compiled, { appId, securityAttributes }).kind !== 'none';
      });
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
