import type { AppManagementPolicy, PasswordRestriction } from '../model/tenant-policies.ts';
import type { Outcome, Verdict } from '../model/verdict.ts';
import { shortestLength } from './iso-duration.ts';
import type { TenantRule } from './rule.ts';
import { byCodeUnit, compareVerdicts, verdict } from './verdicts.ts';
import { worstSeen } from './worst-seen.ts';

export const storageResourceProvider = 'a6aa9161-5291-40bb-8c5c-923b567bee3b';
/** The storage provider's passwords need that many days (domain facts 0.5). */
const neededDays = 366;
const day = 86_400_000;

const additions: ReadonlySet<string> = new Set(['passwordaddition', 'symmetrickeyaddition', 'custompasswordaddition']);
const lifetimes: ReadonlySet<string> = new Set(['passwordlifetime', 'symmetrickeylifetime']);

/** The storage provider puts a password of a year on the principals it makes; the tenant's policy may forbid that. */
export const appManagementPolicyAllowsRotation: TenantRule = {
  about: 'tenant',
  id: 'app-management-policy-allows-rotation',
  statement: 'The app management policy lets the storage provider set passwords that last 366 days',
  why: 'Otherwise Entra Kerberos cannot be enabled, and the storage provider can no longer renew the passwords it manages.',
  severity: 'medium',
  needs: ['default-app-management-policy'],
  helpedBy: [],
  symptom: 'Enabling Entra Kerberos fails: "request to Microsoft Graph failed with code BadRequest"',
  remediation: {
    summary: `Except the Storage Resource Provider (${storageResourceProvider}) from the restriction`,
    action: null,
  },
  thresholds: {},
  evaluate: ({ directory }) => ({
    subjects: [],
    others: worstSeen(
      appManagementPolicyAllowsRotation,
      directory.facts.defaultAppManagementPolicy,
      'default app management policy',
      judge,
    ),
  }),
};

function judge({ isEnabled, servicePrincipalPasswordRestrictions }: AppManagementPolicy): Verdict {
  const { severity } = appManagementPolicyAllowsRotation;
  const judged = servicePrincipalPasswordRestrictions.map((one) => ({ ...one, severity, ...judgeRestriction(one) }));
  const restrictions = judged
    .map(({ type, state, maxLifetime, appliesAfter, outcome }) => ({
      type,
      state,
      maxLifetime,
      appliesAfter: appliesAfter === null ? null : new Date(appliesAfter).toISOString(),
      outcome,
    }))
    .sort((a, b) => byCodeUnit(JSON.stringify(a), JSON.stringify(b)));
  const evidence = { isEnabled, restrictions, readFrom: 'default-app-management-policy' };
  if (isEnabled === false) return verdict('pass', severity, 'The app management policy is off', { evidence });
  if (isEnabled === null) {
    return verdict('unknown', severity, 'The app management policy does not say whether it is on', { evidence });
  }
  const [worst] = judged.toSorted(compareVerdicts);
  if (worst === undefined || worst.outcome === 'pass') {
    return verdict('pass', severity, 'The app management policy leaves the storage provider its passwords', {
      evidence,
    });
  }
  const deciding = judged.filter(({ outcome }) => outcome === worst.outcome);
  const told = { evidence, deciders: deciding.map(({ type }) => type) };
  const words = [...new Set(deciding.map((one) => one.words))].sort(byCodeUnit).join(', ');
  return worst.outcome === 'unknown'
    ? verdict('unknown', severity, `Whether storage apps can get passwords cannot be decided: ${words}`, told)
    : verdict(
        'warn',
        severity,
        `The app management policy ${words}: Entra Kerberos cannot be enabled nor its passwords renewed, unless the Storage Resource Provider (${storageResourceProvider}) is excepted, which the policy does not show`,
        told,
      );
}

/** What one restriction does to the storage provider's passwords, were there no exception. */
function judgeRestriction({ type, state, maxLifetime }: PasswordRestriction): {
  readonly outcome: Extract<Outcome, 'pass' | 'warn' | 'unknown'>;
  readonly words: string;
} {
  if (state?.toLowerCase() === 'disabled') return { outcome: 'pass', words: `${type} is off` };
  // Not said to be off, so it counts as on.
  if (state !== null && state.toLowerCase() !== 'enabled') {
    return { outcome: 'unknown', words: `state ‹${state}› of ${type} is not known here` };
  }
  if (additions.has(type.toLowerCase())) {
    return { outcome: 'warn', words: `blocks new passwords of service principals (${type})` };
  }
  if (!lifetimes.has(type.toLowerCase())) {
    return { outcome: 'unknown', words: `restriction ‹${type}› is not known here` };
  }
  const length = maxLifetime === null ? null : shortestLength(maxLifetime);
  if (length === null) {
    return { outcome: 'unknown', words: `maxLifetime of ${type} is ${maxLifetime ?? 'not set'}, which is no duration` };
  }
  return length < neededDays * day
    ? { outcome: 'warn', words: `lets passwords last ${maxLifetime ?? ''}, less than ${neededDays} days (${type})` }
    : { outcome: 'pass', words: `${type} is long enough` };
}
