import type { ConditionalAccessPolicy, GrantControls } from '../model/conditional-access-policy.ts';
import type { TargetApp } from './application-filter.ts';
import { compilePolicy, effectOn } from './compile.ts';

/** Whether a policy takes part in an ordinary user's sign-in to an app, whatever it then demands. */
export type PolicyReach = 'applies' | 'may-apply' | 'does-not-apply' | 'undecided';

/** What a policy demands ends the reading early where it is harmless, so all are read as if they demanded the same. */
const anyDemand: GrantControls = {
  operator: 'OR',
  builtInControls: ['mfa'],
  customAuthenticationFactors: [],
  termsOfUse: [],
  authenticationStrength: null,
};

/** The reach of a policy in its own state; report-only policies apply, as they do for Entra's what-if (domain facts 3.4). */
export function reachOf(policy: ConditionalAccessPolicy, app: TargetApp): PolicyReach {
  const { kind } = effectOn(compilePolicy({ ...policy, grantControls: anyDemand }), app);
  switch (kind) {
    case 'none':
      return 'does-not-apply';
    case 'violation':
      return 'applies';
    case 'undecided':
      return 'undecided';
    default:
      return 'may-apply';
  }
}
