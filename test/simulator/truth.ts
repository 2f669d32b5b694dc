import { noSubscription } from '../../domain/findings/place.ts';
import { itemsOf } from '../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../domain/model/facts.ts';
import type { Timeline } from './timeline.ts';
import { smbWords } from './tenant/file-service.ts';
import { accountKeyOf, type LiveAccount } from './tenant/live.ts';
import { groupTag, privateLinkNames, type Tenant } from './tenant/tenant.ts';

/** Rules whose faults the simulator makes, and tells by what it made, not by asking the rules. */
export const watchedRules = [
  'consent-granted',
  'mfa-excluded',
  'sp-password-expiry',
  'single-ad-source',
  'storage-app-present',
  'app-assignment-not-required',
  'private-link-spn',
  'cloud-only-group-tag',
  'kerberos-aes256-allowed',
] as const;
/** Accounts that people without an on-premises identity use, by name. */
export const cloudOnlyNames: readonly string[] = ['contoso1', 'contoso2', 'contoso4'];
export const orphanRule = 'storage-app-not-orphaned';

/** From when a fault was there, or was not. */
export interface Stretch {
  readonly from: number;
  readonly isFaulty: boolean;
}

/** What is wrong in truth, and since when. A key is a finding's place, in lower case. */
export interface Truth {
  /** Every place and rule of which anything is known, with its stretches, oldest first. */
  all(): ReadonlyMap<string, { readonly key: string; readonly rule: string; readonly stretches: readonly Stretch[] }>;
  now(key: string, rule: string): Stretch;
  /** Whether there was a moment in that time, both ends included, in which it was so. */
  was(isFaulty: boolean, key: string, rule: string, from: number, to: number): boolean;
  /** How often it changed since then. */
  changes(key: string, rule: string, since: number): number;
  /** Looks again: something may have changed. */
  readonly look: () => void;
}

const day = 86_400_000;
/** What a consent has to be for. */
const neededScopes = ['openid', 'profile', 'User.Read'];
/** When a password begins to be a fault (`warnDays`): up to then it is a note at most. */
export const warnedBefore = 60 * day;

export function createTruth(tenant: Tenant, { timeline }: { readonly timeline: Timeline }): Truth {
  const places = new Map<string, { key: string; rule: string; stretches: Stretch[] }>();
  const never: Stretch = { from: -Infinity, isFaulty: false };

  function note(key: string, rule: string, isFaulty: boolean): void {
    const id = `${key}/${rule}`;
    const found = places.get(id) ?? { key, rule, stretches: [never] };
    places.set(id, found);
    if (found.stretches.at(-1)?.isFaulty !== isFaulty) found.stretches.push({ from: timeline.now(), isFaulty });
  }

  function look(): void {
    const faults = faultsOf(tenant, timeline.now());
    for (const { key, rule } of places.values()) if (!faults.has(`${key}/${rule}`)) note(key, rule, false);
    for (const [, { key, rule }] of faults) note(key, rule, true);
    for (const account of tenant.live.accounts) {
      if (account.exists)
        for (const rule of watchedRules)
          if (!places.has(`${accountKeyOf(account)}/${rule}`)) note(accountKeyOf(account), rule, false);
    }
  }

  tenant.directory.onPublished(look);
  look();
  return {
    all: () => places,
    now: (key, rule) => places.get(`${key}/${rule}`)?.stretches.at(-1) ?? never,
    was(isFaulty, key, rule, from, to) {
      const stretches = places.get(`${key}/${rule}`)?.stretches ?? [never];
      return stretches.some(
        (stretch, index) =>
          stretch.isFaulty === isFaulty && stretch.from <= to && (stretches[index + 1]?.from ?? Infinity) >= from,
      );
    },
    changes: (key, rule, since) =>
      (places.get(`${key}/${rule}`)?.stretches ?? []).filter(({ from }) => from >= since).length,
    look,
  };
}

/** What is wrong now: of accounts as they are, of the directory as it can be seen. */
function faultsOf(tenant: Tenant, now: number): Map<string, { readonly key: string; readonly rule: string }> {
  const faults = new Map<string, { key: string; rule: string }>();
  const add = (key: string, rule: string): unknown => faults.set(`${key}/${rule}`, { key, rule });
  const shown = appsShown(tenant.directory.facts());
  for (const account of tenant.live.accounts) {
    const app = shown.get(account.name);
    if (!account.exists) {
      if (app !== undefined) add(`${noSubscription}/${app.appId}`, orphanRule);
      continue;
    }
    const key = accountKeyOf(account);
    if (isDoubled(account, app !== undefined)) add(key, 'single-ad-source');
    if (!account.kerberos) continue;
    const { authenticationMethods, kerberosTicketEncryption } = smbWords(account.files);
    if (!authenticationMethods.includes('Kerberos') || !kerberosTicketEncryption.includes('AES-256'))
      add(key, 'kerberos-aes256-allowed');
    if (app === undefined) {
      add(key, 'storage-app-present');
      continue;
    }
    if (!app.hasConsent) add(key, 'consent-granted');
    if (app.demandsAssignment) add(key, 'app-assignment-not-required');
    if (cloudOnlyNames.includes(account.name) && !app.tags.includes(groupTag)) add(key, 'cloud-only-group-tag');
    if (account.privateEndpoint && !privateLinkNames(account.name).every((name) => app.names.includes(name)))
      add(key, 'private-link-spn');
    if (app.isAskedForMfa) add(key, 'mfa-excluded');
    if (app.passwordEndsAt - now <= warnedBefore) add(key, 'sp-password-expiry');
  }
  return faults;
}

/** A second identity source: SMB OAuth beside Entra Kerberos, or what Entra Kerberos left behind. */
function isDoubled({ kerberos, smbOAuth }: LiveAccount, hasApp: boolean): boolean {
  return kerberos ? smbOAuth : hasApp;
}

interface AppShown {
  readonly appId: string;
  readonly hasConsent: boolean;
  readonly isAskedForMfa: boolean;
  readonly demandsAssignment: boolean;
  readonly passwordEndsAt: number;
  /** Of the principal. */
  readonly names: readonly string[];
  /** Of the application. */
  readonly tags: readonly string[];
}

/** Apps that the directory shows, by the name of their account. */
function appsShown(facts: DirectoryFacts): ReadonlyMap<string, AppShown> {
  const shown = new Map<string, AppShown>();
  const [policy] = itemsOf(facts.conditionalAccessPolicies);
  const tags = new Map(itemsOf(facts.applications).map((application) => [application.appId, application.tags]));
  const grants = Map.groupBy(itemsOf(facts.oauth2PermissionGrants), ({ clientId }) => clientId);
  for (const {
    id,
    appId,
    displayName,
    passwordCredentials,
    appRoleAssignmentRequired,
    servicePrincipalNames,
  } of itemsOf(facts.servicePrincipals)) {
    const name = /^\[Storage Account\] ([a-z0-9]+)\./.exec(displayName)?.[1];
    if (name === undefined) continue;
    const isAsked = policy !== undefined && policy.state !== 'disabled' && !policy.applications.exclude.includes(appId);
    shown.set(name, {
      appId,
      hasConsent: neededScopes.every((scope) => grants.get(id)?.some(({ scopes }) => scopes.includes(scope)) === true),
      isAskedForMfa: isAsked,
      demandsAssignment: appRoleAssignmentRequired === true,
      passwordEndsAt: passwordCredentials?.[0]?.endsAt ?? 0,
      names: servicePrincipalNames,
      tags: tags.get(appId) ?? [],
    });
  }
  return shown;
}
