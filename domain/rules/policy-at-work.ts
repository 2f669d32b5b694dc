import type { PolicyEffect } from '../conditional-access/effect.ts';
import type { MfaOutcome } from '../conditional-access/outcome.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Json } from '../model/verdict.ts';

/** A policy that has an effect on a storage app, and what that means for mfa-excluded. */
export interface PolicyAtWork extends MfaOutcome {
  readonly policy: ConditionalAccessPolicy;
  readonly effect: PolicyEffect;
}

/** What evidence says of such a policy. */
export function policyEvidence({ policy, effect, outcome, severity }: PolicyAtWork): Json {
  return {
    id: policy.id,
    name: policy.displayName,
    state: policy.state,
    effect: effect.kind,
    latent: effect.latent,
    namesTheApp: effect.explicit,
    outcome,
    severity,
    why: effect.reasons.map(({ row, words }) => ({ row, words })),
  };
}

/** One sentence for the policy that counts most; `others` have the same outcome. */
export function policyTitle({ policy, effect }: PolicyAtWork, others: number): string {
  const name = `‹${policy.displayName === '' ? (policy.id ?? 'without a name') : policy.displayName}›`;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  const words = effect.reasons.map((reason) => reason.words).join(', ');
  if (effect.kind === 'undecided' && !effect.latent) {
    return `Whether policy ${name}${more} asks for MFA when mounting a share cannot be decided: ${words}`;
  }
  if (effect.latent) {
    return `Policy ${name}${more} only reports for now; switched on, it ${latentWords(effect)} when mounting a share`;
  }
  switch (effect.kind) {
    case 'violation':
      return `Policy ${name}${more} reaches this account's app: every user is asked for MFA when mounting a share`;
    case 'conditional-users':
      return `Policy ${name}${more} reaches this account's app: the users it selects are asked for MFA when mounting a share`;
    default:
      return `Policy ${name}${more} may stop people from mounting a share: ${words}`;
  }
}

function latentWords(effect: PolicyEffect): string {
  switch (effect.kind) {
    case 'violation':
      return 'would ask every user for MFA';
    case 'undecided':
      return 'might ask for MFA';
    default:
      return 'would ask some users for MFA, or for a control they cannot answer,';
  }
}
