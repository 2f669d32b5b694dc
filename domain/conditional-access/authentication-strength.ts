import type { AuthenticationStrength } from '../model/conditional-access-policy.ts';

/** Methods that are two factors by themselves (Graph `authenticationMethodModes`; a temporary access pass counts as MFA). */
const multiFactor: ReadonlySet<string> = new Set([
  'fido2',
  'windowshelloforbusiness',
  'devicebasedpush',
  'x509certificatemultifactor',
  'federatedmultifactor',
  'temporaryaccesspassonetime',
  'temporaryaccesspassmultiuse',
]);

/** Methods that are one factor; two of any known methods together are two. */
const singleFactor: ReadonlySet<string> = new Set([
  'password',
  'federatedsinglefactor',
  'x509certificatesinglefactor',
  'sms',
  'voice',
  'hardwareoath',
  'softwareoath',
  'microsoftauthenticatorpush',
  'email',
  'qrcodepin',
]);

/**
 * Microsoft's own strengths: MFA, passwordless MFA, phishing-resistant MFA. Their ids are the same in every tenant (public
 * documentation of Graph), and exports and policies that are still files often give nothing else.
 */
const builtInMfa: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000002',
  '00000000-0000-0000-0000-000000000003',
  '00000000-0000-0000-0000-000000000004',
]);

/** What an ordinary Windows sign-in has already shown; any other single factor would have to be asked for. */
const signInFactors: ReadonlySet<string> = new Set(['password', 'federatedsinglefactor']);

/**
 * What an authentication strength asks of a user who signed in with a password. Microsoft's own strengths go by
 * their id or `requirementsSatisfied`; custom ones by their combinations, since they may allow a single factor (domain facts 3.1).
 *
 * - `mfa`: no allowed combination is a single factor.
 * - `met`: the password alone is enough.
 * - `undecided`: combinations not read or not known, or a single factor other than the password.
 */
export function strengthDemand(strength: AuthenticationStrength): 'mfa' | 'met' | 'undecided' {
  if (strength.id !== null && builtInMfa.has(strength.id.toLowerCase())) return 'mfa';
  const claimsMfa = strength.requirementsSatisfied?.toLowerCase() === 'mfa';
  const custom = strength.policyType?.toLowerCase() !== 'builtin';
  if (claimsMfa && (!custom || strength.allowedCombinations.length === 0)) return 'mfa';
  const combinations = strength.allowedCombinations.map(methodsOf);
  if (combinations.some(([only, ...others]) => others.length === 0 && only !== undefined && signInFactors.has(only))) {
    return 'met';
  }
  if (combinations.some(([only, ...others]) => others.length === 0 && only !== undefined && singleFactor.has(only))) {
    return 'undecided';
  }
  if (claimsMfa) return 'mfa';
  return combinations.length > 0 && combinations.every(isMultiFactor) ? 'mfa' : 'undecided';
}

function methodsOf(combination: string): readonly string[] {
  return combination
    .toLowerCase()
    .split(',')
    .map((method) => method.trim())
    .filter((method) => method !== '');
}

function isMultiFactor(methods: readonly string[]): boolean {
  return (
    methods.every((method) => multiFactor.has(method) || singleFactor.has(method)) &&
    (methods.length > 1 || methods.some((method) => multiFactor.has(method)))
  );
}
