import { noSubscription } from '../../domain/findings/place.ts';
import { itemsOf } from '../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../domain/model/facts.ts';
import { accountKeyOf, type LiveAccount } from './tenant/live.ts';
import { policyId, type Tenant } from './tenant/tenant.ts';

/** Rules about accounts whose faults the simulator makes, and tells by what it made, not by asking the rules. */
export const watchedRules = [
  'consent-granted',
  'mfa-excluded',
  'sp-password-expiry',
  'single-ad-source',
  'storage-app-present',
  'app-assignment-not-required',
] as const;
export const orphanRule = 'storage-app-not-orphaned';
/** About the tenant as well, and by the directory alone. */
export const exclusionRule = 'mfa-exclusion-not-orphaned';

/** How bad a fault is, by the pages of its rule, and whose doing. */
export interface Fault {
  readonly outcome: 'fail' | 'warn';
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** Ids, sorted. */
  readonly deciders: readonly string[];
  /** What the evidence has to say, as members in JSON. */
  readonly says: readonly string[];
}

export interface PlacedFault {
  /** A finding's place, in lower case. */
  readonly key: string;
  readonly rule: string;
  readonly fault: Fault;
}

const day = 86_400_000;
/** What a consent has to be for. */
const neededScopes = ['openid', 'profile', 'User.Read'];
/** From when on before its end a password is how bad a fault; the longest time last. Up to then it is a note at most. */
export const passwordSteps = [
  { before: 7 * day, outcome: 'fail', severity: 'critical' },
  { before: 30 * day, outcome: 'fail', severity: 'high' },
  { before: 60 * day, outcome: 'warn', severity: 'medium' },
] as const;

/** What is wrong now: of accounts as they are, of the directory as it can be seen. */
export function faultsOf(tenant: Tenant, now: number): readonly PlacedFault[] {
  const faults: PlacedFault[] = [];
  const facts = tenant.directory.facts();
  const shown = appsShown(facts);
  for (const account of tenant.live.accounts) {
    const app = shown.get(account.name) ?? null;
    if (!account.exists) {
      if (app !== null) faults.push(orphaned(account, app));
      continue;
    }
    const key = accountKeyOf(account);
    for (const [rule, fault] of Object.entries(accountFaults(account, app, now)))
      if (fault !== null) faults.push({ key, rule, fault });
  }
  return [...faults, ...emptyExclusions(facts, shown)];
}

/** When a password that ends then gets another fault, or a worse one. */
export function passwordTurns(facts: DirectoryFacts): readonly number[] {
  return [...appsShown(facts).values()].flatMap(({ passwordEndsAt }) =>
    passwordSteps.map(({ before }) => passwordEndsAt - before),
  );
}

function accountFaults(
  account: LiveAccount,
  app: AppShown | null,
  now: number,
): Record<(typeof watchedRules)[number], Fault | null> {
  const ofApp = account.kerberos ? app : null;
  return {
    'single-ad-source': doubled(account, app),
    'storage-app-present':
      account.kerberos && app === null ? fault('fail', 'critical', [], { apps: [], host: hostOf(account) }) : null,
    'consent-granted': ofApp && unconsented(ofApp),
    'app-assignment-not-required': ofApp?.demandsAssignment
      ? fault('fail', 'critical', [ofApp.principalId], { appRoleAssignmentRequired: true, appId: ofApp.appId })
      : null,
    'mfa-excluded': ofApp && askedForMfa(ofApp),
    'sp-password-expiry': ofApp && endingPassword(ofApp, now),
  };
}

/** A second identity source: SMB OAuth beside Entra Kerberos, or what Entra Kerberos left behind. */
function doubled({ kerberos, smbOAuth }: LiveAccount, app: AppShown | null): Fault | null {
  if (kerberos) return smbOAuth ? fault('warn', 'medium', [], { smbOAuthEnabled: true }) : null;
  return app && fault('warn', 'medium', [app.appId], { appId: app.appId, servicePrincipalId: app.principalId });
}

function unconsented({ appId, principalId, grants }: AppShown): Fault | null {
  const missingScopes = neededScopes.filter((scope) => !grants.some(({ scopes }) => scopes.includes(scope)));
  if (missingScopes.length === 0) return null;
  const grantIds = grants.map(({ id }) => id).sort();
  return fault('fail', 'critical', [principalId, ...grantIds], { appId, missingScopes, grantIds });
}

function askedForMfa({ appId, policyState }: AppShown): Fault | null {
  if (policyState === 'disabled') return null;
  const says = { appId, id: policyId, state: policyState };
  return policyState === 'enabled'
    ? fault('fail', 'critical', [policyId], says)
    : fault('warn', 'medium', [policyId], says);
}

function endingPassword({ appId, principalId, passwordEndsAt }: AppShown, now: number): Fault | null {
  const step = passwordSteps.find(({ before }) => passwordEndsAt - now <= before);
  const validUntil = passwordEndsAt > now ? new Date(passwordEndsAt).toISOString() : null;
  return step === undefined ? null : fault(step.outcome, step.severity, [principalId], { appId, validUntil });
}

function orphaned({ name }: LiveAccount, { appId, principalId }: AppShown): PlacedFault {
  const says = { appId, servicePrincipalId: principalId, accountNames: [name] };
  return { key: `${noSubscription}/${appId}`, rule: orphanRule, fault: fault('fail', 'medium', [appId], says) };
}

/** Apps that the policy excludes and that are not there. */
function emptyExclusions(facts: DirectoryFacts, shown: ReadonlyMap<string, AppShown>): readonly PlacedFault[] {
  const [policy] = itemsOf(facts.conditionalAccessPolicies);
  if (policy === undefined || policy.state === 'disabled') return [];
  const there = new Set([...shown.values()].map(({ appId }) => appId));
  return policy.applications.exclude
    .filter((appId) => !there.has(appId))
    .map((appId) => ({
      key: `${noSubscription}/${policyId}:${appId}`,
      rule: exclusionRule,
      fault: fault('fail', 'low', [policyId, appId], { policyId, appId, state: policy.state }),
    }));
}

function fault(
  outcome: Fault['outcome'],
  severity: Fault['severity'],
  deciders: readonly string[],
  says: Readonly<Record<string, unknown>>,
): Fault {
  const members = Object.entries(says).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  return { outcome, severity, deciders: deciders.toSorted(), says: members };
}

function hostOf({ name }: LiveAccount): string {
  return `${name}.file.core.windows.net`;
}

interface AppShown {
  readonly appId: string;
  readonly principalId: string;
  readonly grants: readonly { readonly id: string; readonly scopes: readonly string[] }[];
  /** Of the policy that asks everybody for MFA; `disabled` where it spares the app. */
  readonly policyState: string;
  readonly demandsAssignment: boolean;
  readonly passwordEndsAt: number;
}

/** Apps that the directory shows, by the name of their account. */
function appsShown(facts: DirectoryFacts): ReadonlyMap<string, AppShown> {
  const shown = new Map<string, AppShown>();
  const [policy] = itemsOf(facts.conditionalAccessPolicies);
  const grants = Map.groupBy(itemsOf(facts.oauth2PermissionGrants), ({ clientId }) => clientId);
  for (const { id, appId, displayName, passwordCredentials, appRoleAssignmentRequired } of itemsOf(
    facts.servicePrincipals,
  )) {
    const name = /^\[Storage Account\] ([a-z0-9]+)\./.exec(displayName)?.[1];
    if (name === undefined) continue;
    const isSpared = policy === undefined || policy.applications.exclude.includes(appId);
    shown.set(name, {
      appId,
      principalId: id,
      grants: grants.get(id) ?? [],
      policyState: isSpared ? 'disabled' : policy.state,
      demandsAssignment: appRoleAssignmentRequired === true,
      passwordEndsAt: passwordCredentials?.[0]?.endsAt ?? 0,
    });
  }
  return shown;
}
