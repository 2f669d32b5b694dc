import { effectOn } from '../conditional-access/compile.ts';
import type { PolicyEffect } from '../conditional-access/effect.ts';
import { exclusionChange } from '../conditional-access/exclusion-change.ts';
import type { PolicyOutcome } from '../conditional-access/outcome.ts';
import { gapsOf, type Gap } from '../model/collection.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Evidence, Json, Verdict } from '../model/verdict.ts';
import type { StorageAppToJudge } from './app-rule.ts';
import type { Directory } from './directory.ts';
import type { AccountRule } from './rule.ts';
import { compareVerdicts, verdict } from './verdicts.ts';

/** A policy that has an effect on a storage app, and what that means for the rule that asks. */
export interface PolicyAtWork extends PolicyOutcome {
  readonly policy: ConditionalAccessPolicy;
  readonly effect: PolicyEffect;
}

/** How a rule about policies reads them. */
export interface PolicyReading {
  readonly outcomeOf: (effect: PolicyEffect) => PolicyOutcome | null;
  /** The title for the policy that counts most; `others` have the same outcome. */
  readonly titleOf: (worst: PolicyAtWork, others: number) => string;
}

/**
 * What the tenant's policies do to one app: across them fail, then unknown, then warn, then pass. A fail that was seen
 * stays one though policies were not read whole; anything less is unknown then.
 */
export function judgePolicies(
  rule: AccountRule,
  app: StorageAppToJudge,
  directory: Directory,
  { outcomeOf, titleOf }: PolicyReading,
): Verdict {
  const securityAttributes = 'object' in app.principal ? app.principal.object.securityAttributes : null;
  const target = { appId: app.appId, securityAttributes };
  const seen = directory.compiledPolicies.map((compiled) => ({
    policy: compiled.policy,
    effect: effectOn(compiled, target),
  }));
  const atWork = seen
    .flatMap(({ policy, effect }): PolicyAtWork[] => {
      const outcome = outcomeOf(effect);
      return outcome === null ? [] : [{ policy, effect, ...outcome }];
    })
    .sort(compareVerdicts);
  const evidence = policiesEvidence(seen, atWork);
  const unknown = atWork.filter(({ outcome }) => outcome === 'unknown');
  const deciders = (policies: readonly PolicyAtWork[]) => policies.map(({ policy }) => policy.id);
  const gaps = gapsOf(directory.facts.conditionalAccessPolicies);
  const allGaps = [...gaps, ...unknown.flatMap(({ effect }) => attributeGaps(app, effect))];
  const [worst] = atWork;
  if (gaps.length > 0 && worst?.outcome !== 'fail') {
    const told = { evidence, deciders: deciders(unknown), gaps: allGaps };
    return verdict('unknown', rule.severity, 'Conditional Access policies were not read whole', told);
  }
  if (worst === undefined) return verdict('pass', rule.severity, rule.statement, { evidence });
  const deciding = atWork.filter(({ outcome }) => outcome === worst.outcome);
  return verdict(worst.outcome, worst.severity, titleOf(worst, deciding.length - 1), {
    evidence,
    deciders: deciders(deciding),
    gaps: allGaps,
  });
}

interface PolicySeen {
  readonly policy: ConditionalAccessPolicy;
  readonly effect: PolicyEffect;
}

/** Every policy that has an effect with the rows that decided, those that exclude the app, and notes that decide nothing. */
function policiesEvidence(seen: readonly PolicySeen[], atWork: readonly PolicyAtWork[]): Evidence {
  const sparing = seen.filter(({ effect }) => effect.spared);
  const everyTime = seen.filter(({ effect }) => effect.everyTime);
  const forAll = sparing.some(({ policy }) =>
    policy.applications.include.some((entry) => entry.toLowerCase() === 'all'),
  );
  return {
    policies: atWork.map(policyEvidence),
    excludedBy: sparing.map(({ policy, effect }) => ({ ...nameOf(policy), why: reasonsOf(effect) })),
    signInEveryTime: everyTime.map(({ policy }) => nameOf(policy)),
    exclusionNote: forAll ? exclusionChange : null,
    readFrom: 'conditional-access-policies',
  };
}

function policyEvidence({ policy, effect, outcome, severity }: PolicyAtWork): Json {
  return {
    ...nameOf(policy),
    state: policy.state,
    effect: effect.kind,
    latent: effect.latent,
    microsoftManaged: effect.microsoftManaged,
    namesTheApp: effect.explicit,
    outcome,
    severity,
    why: reasonsOf(effect),
  };
}

function nameOf({ id, displayName }: ConditionalAccessPolicy): { id: string | null; name: string } {
  return { id, name: displayName };
}

function reasonsOf(effect: PolicyEffect): Json {
  return effect.reasons.map(({ row, words }) => ({ row, words }));
}

/** What a permission would mend of an undecided policy: the attributes belong to the principal. */
function attributeGaps({ principal }: StorageAppToJudge, { needs }: PolicyEffect): readonly Gap[] {
  if (needs === null) return [];
  if (principal.state === 'unread') return principal.gaps;
  return [{ collection: 'service-principals', scope: 'tenant', reason: 'not-read', needs }];
}
