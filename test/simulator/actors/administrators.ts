import { passwordSteps } from '../truth-faults.ts';
import type { Simulation } from '../simulation.ts';
import { appObjectsOf } from '../tenant/facts-of.ts';
import { accountKeyOf, type LiveAccount, subscriptionIds } from '../tenant/live.ts';

type Act = (simulation: Simulation, account: LiveAccount) => string | null;

const day = 86_400_000;

/** What administrators do, each with how they would say it; null where it cannot be done now. Breaking and mending alike. */
const acts: readonly Act[] = [
  ({ tenant }, account) => {
    if (account.app === null || account.app.consents.length === 0) return null;
    tenant.revokeConsent(account);
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
];

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
/** What is noticed without a nightly audit, by an event or by the directory watch. */
export const noticedAtOnce: readonly Act[] = acts.slice(0, 5);
