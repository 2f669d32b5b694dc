import { reachOf, type PolicyReach } from '../conditional-access/reach-of.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { PreflightApp } from './preflight-apps.ts';

/** What Entra's what-if says of one policy for a user's sign-in to an app. */
export interface WhatIfAnswer {
  /** Lower case. */
  readonly policyId: string;
  /** null where Entra does not say. */
  readonly applies: boolean | null;
  /** `analysisReasons`, without `notSet`; unknown ones are kept. */
  readonly reasons: readonly string[];
  /** The policy as the tenant has it; null where it cannot be read. */
  readonly policy: ConditionalAccessPolicy | null;
}

/** What both say of one policy and one app. */
export interface Opinion {
  readonly account: string;
  readonly appId: string;
  readonly ours: PolicyReach;
  readonly entra: 'applies' | 'does-not-apply' | 'undecided';
  readonly analysisReasons: readonly string[];
  /** One says that the policy applies, the other that it does not. */
  readonly differs: boolean;
}

/** What both say of one policy. */
export interface SecondOpinion {
  readonly policy: ConditionalAccessPolicy;
  /** Whether the tenant's policy of that id is the same; null where it is not there, or cannot be read. */
  readonly sameAsInTenant: boolean | null;
  /** Empty: no policy of the tenant has that id. */
  readonly opinions: readonly Opinion[];
}

/** Entra's answers about one app. */
export interface AnswersForApp {
  readonly app: PreflightApp;
  readonly answers: readonly WhatIfAnswer[];
}

/** Compares our reading of a policy with Entra's answers, app by app. A difference is a question, never a verdict. */
export function secondOpinion(policy: ConditionalAccessPolicy, asked: readonly AnswersForApp[]): SecondOpinion {
  const answered = asked.flatMap(({ app, answers }) => {
    const answer = answers.find(({ policyId }) => policyId === policy.id);
    return answer === undefined ? [] : [{ app, answer }];
  });
  const inTenant = answered[0]?.answer.policy ?? null;
  return {
    policy,
    sameAsInTenant: inTenant === null ? null : canonicalJson(inTenant) === canonicalJson(policy),
    opinions: answered.map(({ app, answer }) => opinionOf(policy, app, answer)),
  };
}

function opinionOf(policy: ConditionalAccessPolicy, app: PreflightApp, answer: WhatIfAnswer): Opinion {
  const ours = reachOf(policy, app.target);
  const entra = entraSays(answer);
  return {
    account: app.account,
    appId: app.target.appId,
    ours,
    entra,
    analysisReasons: answer.reasons,
    differs: (ours === 'applies' && entra === 'does-not-apply') || (ours === 'does-not-apply' && entra === 'applies'),
  };
}

/** A condition that the request leaves out makes a policy undecidable, not inapplicable (domain facts 3.4). */
function entraSays({ applies, reasons }: WhatIfAnswer): Opinion['entra'] {
  if (applies === true) return 'applies';
  return applies === null || reasons.includes('notEnoughInformation') ? 'undecided' : 'does-not-apply';
}
