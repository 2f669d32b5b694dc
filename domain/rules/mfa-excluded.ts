import { effectOn } from '../conditional-access/compile.ts';
import { mfaOutcome } from '../conditional-access/outcome.ts';
import { gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgeStorageApps } from './app-rule.ts';
import type { Directory } from './directory.ts';
import { policyEvidence, policyTitle, type PolicyAtWork } from './policy-at-work.ts';
import type { Rule } from './rule.ts';
import { byCodeUnit, compareVerdicts, verdict } from './verdicts.ts';

/** Windows asks for the ticket without a person at hand: an MFA prompt cannot be answered. */
export const mfaExcluded: Rule = {
  id: 'mfa-excluded',
  statement: 'No Conditional Access policy asks for MFA when a share is mounted',
  why: 'Microsoft supports no MFA on storage apps: a policy that demands it locks everyone it reaches out of their shares.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals', 'conditional-access-policies'],
  symptom: 'System error 1327',
  remediation: { summary: 'Exclude the storage app, by its appId, from the policy', action: 'exclude-app-from-policy' },
  thresholds: {},
  evaluate: (context) => judgeStorageApps(mfaExcluded, context, (app) => judge(app.appId, context.directory)),
};

function judge(appId: string, directory: Directory): Verdict {
  const { severity } = mfaExcluded;
  const gaps = gapsOf(directory.facts.conditionalAccessPolicies);
  const seen = directory.compiledPolicies.map((compiled) => ({
    policy: compiled.policy,
    effect: effectOn(compiled, appId),
  }));
  const atWork = seen.flatMap(({ policy, effect }): PolicyAtWork[] => {
    const outcome = mfaOutcome(effect);
    return outcome === null ? [] : [{ policy, effect, ...outcome }];
  });
  atWork.sort(comparePolicies);
  // An exclusion is the remedy, yet its effect since June 2026 is not documented for tickets: prove it by a mount.
  const excludedBy = seen
    .filter(({ effect }) => effect.spared)
    .map(({ policy }) => ({ id: policy.id, name: policy.displayName }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.id ?? '', b.id ?? ''));
  const evidence = { policies: atWork.map(policyEvidence), excludedBy, readFrom: 'conditional-access-policies' };
  const [worst] = atWork;
  if (gaps.length > 0 && worst?.outcome !== 'fail') {
    const deciders = atWork.filter((one) => one.outcome === 'unknown').map(({ policy }) => policy.id);
    return verdict('unknown', severity, 'Conditional Access policies were not read whole', {
      evidence,
      deciders,
      gaps,
    });
  }
  if (worst === undefined) return verdict('pass', severity, mfaExcluded.statement, { evidence });
  const deciding = atWork.filter((one) => one.outcome === worst.outcome);
  return verdict(worst.outcome, worst.severity, policyTitle(worst, deciding.length - 1), {
    evidence,
    deciders: deciding.map(({ policy }) => policy.id),
  });
}

function comparePolicies(a: PolicyAtWork, b: PolicyAtWork): number {
  return (
    compareVerdicts(a, b) ||
    byCodeUnit(a.policy.displayName, b.policy.displayName) ||
    byCodeUnit(a.policy.id ?? '', b.policy.id ?? '')
  );
}
