import type { RemediationJob } from '../../../domain/remediation/job.ts';
import type { Json } from '../../../domain/model/verdict.ts';
import { passwordSteps } from '../truth-faults.ts';
import type { Simulation } from '../simulation.ts';
import { appObjectsOf } from '../tenant/facts-of.ts';
import { fileService, smbWords } from '../tenant/file-service.ts';
import { accountKeyOf, type LiveAccount, subscriptionIds } from '../tenant/live.ts';
import { groupTag, privateLinkNames } from '../tenant/tenant.ts';

type Act = (simulation: Simulation, account: LiveAccount) => string | null;

const day = 86_400_000;

/** What administrators do, each with how they would say it; null where it cannot be done now. Breaking and mending alike. */
const acts: readonly Act[] = [
  ({ tenant }, account) => {
    if (account.app === null || account.app.consents.length === 0) return null;
    tenant.revokeConsent(account, 'administrator');
    return 'revokes the consent';
  },
  ({ tenant }, account) => {
    if (account.app === null || account.app.consents.length > 0) return null;
    tenant.grantConsent(account, 'administrator');
    return 'gives consent';
  },
  ({ tenant, random }) => {
    const state = random.pick(['enabled', 'enabledForReportingButNotEnforced', 'disabled', 'disabled'] as const);
    if (tenant.live.policy.state === state) return null;
    tenant.setPolicy(state);
    return `puts the MFA policy to ${state}`;
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    const { appId } = appObjectsOf(account.name, account.app).application;
    const { excluded } = tenant.live.policy;
    if (excluded.includes(appId)) {
      tenant.setExcluded(
        excluded.filter((one) => one !== appId),
        'administrator',
      );
      return 'takes the app off the exclusions of the MFA policy';
    }
    tenant.setExcluded([...excluded, appId], 'administrator');
    return 'excludes the app from the MFA policy';
  },
  ({ tenant }, account) => {
    if (!account.exists) return null;
    tenant.changeAccount(account, { smbOAuth: !account.smbOAuth });
    return `switches SMB OAuth ${account.smbOAuth ? 'on' : 'off'}`;
  },
  ({ tenant }, account) => {
    if (!account.exists) return null;
    tenant.changeAccount(account, { kerberos: !account.kerberos });
    if (account.kerberos && account.app === null) tenant.makeApp(account);
    return `switches Entra Kerberos ${account.kerberos ? 'on' : 'off'}`;
  },
  ({ tenant, timeline, random }, account) => {
    if (account.app === null) return null;
    // Some come to a step on the way to their end within days.
    const soon = passwordSteps.map(({ before }) => before + random.between(1, 40) * 3_600_000);
    const endsAt = timeline.now() + random.pick([300 * day, 300 * day, 5 * day, ...soon]);
    tenant.setPassword(account, endsAt);
    return `has the password end on ${new Date(endsAt).toISOString()}`;
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    tenant.removeApp(account);
    return 'deletes the app';
  },
  ({ tenant }, account) => {
    if (account.app !== null) return null;
    tenant.makeApp(account);
    return 'makes the app again';
  },
  ({ tenant }, account) => {
    if (!account.exists) return null;
    tenant.deleteAccount(account);
    return 'deletes the account';
  },
  ({ tenant }, account) => {
    if (account.exists) return null;
    tenant.createAccount(account);
    return 'makes the account again';
  },
  ({ tenant, random }, account) => {
    const elsewhere = subscriptionIds.filter((id) => id !== account.subscriptionId);
    if (!account.exists) return null;
    tenant.moveAccount(account, random.pick(elsewhere));
    return `moves the account to subscription ${account.subscriptionId}`;
  },
  ({ tenant }, account) => {
    const [consent] = account.app?.consents ?? [];
    if (consent === undefined || consent.scope === 'openid') return null;
    tenant.setScope(account, consent.id, 'openid', 'administrator');
    return 'takes scopes off the consent';
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    tenant.setAssignment(account, !account.app.assignmentRequired, 'administrator');
    return `has the app ${account.app.assignmentRequired ? 'demand an assignment' : 'demand no assignment'}`;
  },
  ({ tenant, random }, account) => {
    if (!account.exists) return null;
    const [methods, encryption] = random.pick(smbSettings);
    tenant.setFiles(account, fileService(methods, encryption, rulesOf(account)), 'administrator');
    return `has the file service take ${methods} and ${encryption}`;
  },
  ({ tenant, random }, account) => {
    if (!account.exists) return null;
    const { authenticationMethods, kerberosTicketEncryption } = smbWords(account.files);
    const rules = [...rulesOf(account), { allowedOrigins: [`https://${random.hex(4)}.example`] }];
    const [methods, encryption] = [authenticationMethods, kerberosTicketEncryption].map((words) => words.join(';'));
    tenant.setFiles(account, fileService(methods ?? '', encryption ?? '', rules), 'administrator');
    return 'adds a CORS rule to the file service';
  },
  ({ tenant }, account) => {
    if (!account.exists) return null;
    tenant.changeAccount(account, { privateEndpoint: !account.privateEndpoint });
    return `${account.privateEndpoint ? 'approves a' : 'takes away the'} private endpoint`;
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    const hasNone = account.app.moreNames.length === 0;
    tenant.setNames(account, hasNone ? privateLinkNames(account.name) : [], 'administrator');
    return `${hasNone ? 'gives the app' : 'takes off the app'} its privatelink names`;
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    const hasNone = account.app.tags.length === 0;
    tenant.setTags(account, hasNone ? [groupTag] : [], 'administrator');
    return `${hasNone ? 'gives the app' : 'takes off the app'} its tag`;
  },
  ({ tenant }, account) => {
    if (account.app === null) return null;
    tenant.removeApp(account);
    tenant.makeApp(account);
    return 'switches Entra Kerberos off and on, which makes another app';
  },
];

const smbSettings = [
  ['NTLMv2;', 'RC4-HMAC;AES-256;'],
  ['NTLMv2;Kerberos;', 'RC4-HMAC;'],
  ['NTLMv2', 'RC4-HMAC'],
  ['NTLMv2;Kerberos;', 'RC4-HMAC;AES-256;'],
] as const;

function rulesOf({ files }: LiveAccount): readonly Json[] {
  return (files['cors'] as { readonly corsRules: readonly Json[] }).corsRules;
}

/** One act, on an account picked by chance where none is given. */
export function administer(
  simulation: Simulation,
  { only = acts, on = null }: { readonly only?: readonly Act[]; readonly on?: LiveAccount | null } = {},
): LiveAccount | null {
  const { random, tenant, trace, truth, counts } = simulation;
  const account = on ?? random.pick(tenant.live.accounts);
  const act = random.pick(only);
  const said = tenant.journaled('administrator', '', () => act(simulation, account));
  if (said === null) return null;
  counts.broken += 1;
  truth.look();
  if (trace.isOn) trace.say('administrator', `${said}: ${accountKeyOf(account)}`);
  return account;
}

export const revocation: readonly Act[] = acts.slice(0, 1);
const [revokeConsent, giveConsent, , toggleExclusion] = acts;
const [takeScopes, toggleAssignment, changeSmb, , , toggleNames, toggleTag] = acts.slice(12);

/** For each action what changes the very thing that it wrote. */
const against: Readonly<Record<string, readonly (Act | undefined)[]>> = {
  'grant-consent': [revokeConsent, takeScopes],
  'add-missing-scopes': [revokeConsent, takeScopes, giveConsent],
  'add-privatelink-uris': [toggleNames],
  'add-cloud-group-tag': [toggleTag],
  'assignment-not-required': [toggleAssignment],
  'allow-aes256-kerberos': [changeSmb],
};

/** Somebody changes what a job wrote. */
export function interfere(simulation: Simulation, { plan, accounts }: RemediationJob): void {
  const [about] = accounts;
  const on = simulation.tenant.live.accounts.find(({ name }) => name === about?.name) ?? null;
  const only = (against[plan.action] ?? [toggleExclusion]).filter((act) => act !== undefined);
  administer(simulation, { only, on });
}

/** What an action can mend, most of it. */
export const mendable: readonly Act[] = [...acts.slice(12, 15), ...acts.slice(17), ...acts.slice(-1)];
/** What is noticed without a nightly audit, by an event or by the directory watch. */
export const noticedAtOnce: readonly Act[] = acts.slice(0, 5);
