import { noSubscription } from '../../domain/findings/place.ts';
import { itemsOf } from '../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../domain/model/facts.ts';
import { endpointKeyOf } from './tenant/facts-of.ts';
import { smbWords } from './tenant/file-service.ts';
import { accountKeyOf, type LiveAccount } from './tenant/live.ts';
import { groupTag, policyId, privateLinkNames, type Tenant } from './tenant/tenant.ts';

/** Rules about accounts whose faults the simulator makes, and tells by what it made, not by asking the rules. */
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

/** What comes with the calendar alone. */
export const byTheCalendar = 'sp-password-expiry';

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
    'private-link-spn': ofApp && account.privateEndpoint ? unnamed(account, ofApp) : null,
    'cloud-only-group-tag':
      ofApp && cloudOnlyNames.includes(account.name) && !ofApp.tags.includes(groupTag)
        ? fault('fail', 'high', [ofApp.appId], { tags: ofApp.tags.toSorted(), tagOnPrincipal: false })
        : null,
    'kerberos-aes256-allowed': account.kerberos ? refusedTickets(account) : null,
  };
}

/** A second identity source: SMB OAuth beside Entra Kerberos, or what Entra Kerberos left behind. */
function doubled({ kerberos, smbOAuth }: LiveAccount, app: AppShown | null): Fault | null {
  if (kerberos) return smbOAuth ? fault('warn', 'medium', [], { smbOAuthEnabled: true }) : null;
  // An app is seen by either of its objects: the principal may stand on the page that was not read.
  return app && fault('warn', 'medium', [app.appId], { appId: app.appId });
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

/** Without either CIFS name nobody mounts through the endpoint; without another one, whoever asks by it does not. */
function unnamed(account: LiveAccount, { principalId, names }: AppShown): Fault | null {
  const missingNames = privateLinkNames(account.name).filter((name) => !names.includes(name));
  if (missingNames.length === 0) return null;
  const deciders = [principalId, endpointKeyOf(account)];
  const cifs = missingNames.filter((name) => name.toLowerCase().includes('cifs/'));
  const says = { missingNames: missingNames.toSorted() };
  return cifs.length === 2 ? fault('fail', 'high', deciders, says) : fault('warn', 'low', deciders, says);
}

function refusedTickets({ files }: LiveAccount): Fault | null {
  const { authenticationMethods, kerberosTicketEncryption } = smbWords(files);
  if (authenticationMethods.includes('Kerberos') && kerberosTicketEncryption.includes('AES-256')) return null;
  return fault('fail', 'critical', [], {
    authenticationMethods: authenticationMethods.toSorted(),
    kerberosTicketEncryption: kerberosTicketEncryption.toSorted(),
  });
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
  /** Of the principal. */
  readonly names: readonly string[];
  /** Of the application. */
  readonly tags: readonly string[];
}

/** Apps that the directory shows, by the name of their account. */
function appsShown(facts: DirectoryFacts): ReadonlyMap<string, AppShown> {
  const shown = new Map<string, AppShown>();
  const [policy] = itemsOf(facts.conditionalAccessPolicies);
  const grants = Map.groupBy(itemsOf(facts.oauth2PermissionGrants), ({ clientId }) => clientId);
  const tags = new Map(itemsOf(facts.applications).map((application) => [application.appId, application.tags]));
  for (const principal of itemsOf(facts.servicePrincipals)) {
    const { id, appId, displayName, passwordCredentials, appRoleAssignmentRequired } = principal;
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
      names: principal.servicePrincipalNames,
      tags: tags.get(appId) ?? [],
    });
  }
  return shown;
}
