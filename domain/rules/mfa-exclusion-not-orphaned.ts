import { isId, lowered } from '../conditional-access/wire-words.ts';
import { gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Directory } from './directory.ts';
import type { SubjectVerdict, TenantRule } from './rule.ts';
import { byCodeUnit, verdict } from './verdicts.ts';

interface UnseenExclusion {
  readonly subject: string;
  readonly policyId: string | null;
  readonly policyName: string;
  readonly state: string;
  readonly appId: string;
}

const readFrom = ['conditional-access-policies', 'applications', 'service-principals'] as const;

/** Switching Entra Kerberos off and on makes a new app with a new appId; an exclusion by the old one stays behind. */
export const mfaExclusionNotOrphaned: TenantRule = {
  about: 'tenant',
  id: 'mfa-exclusion-not-orphaned',
  statement: 'Every app that a Conditional Access policy excludes by its appId is in the tenant',
  why: 'An exclusion of an app that is gone spares nothing, and hides that the app made in its place is not excluded.',
  severity: 'low',
  needs: [...readFrom],
  helpedBy: [],
  symptom: null,
  remediation: { summary: 'Take the appId off the policy', action: 'remove-orphaned-exclusion' },
  thresholds: {},
  evaluate: ({ directory }) => {
    const unseen = unseenExclusions(directory);
    const { applications, servicePrincipals } = directory.facts;
    const isProved = gapsOf(applications).length === 0 && gapsOf(servicePrincipals).length === 0;
    return { subjects: isProved ? unseen.map(standingOut) : [], others: judgeOthers(directory, unseen) };
  },
};

/** By subject, once each; disabled policies are left out. */
function unseenExclusions(directory: Directory): readonly UnseenExclusion[] {
  const found = directory.policies
    .filter(({ state }) => state.toLowerCase() !== 'disabled')
    .flatMap(({ id, displayName, state, applications }) =>
      [...lowered(applications.exclude.filter(isId))]
        .filter((appId) => !isSeen(appId, directory))
        .map((appId) => ({
          subject: `${id?.toLowerCase() ?? nameAsId(displayName)}:${appId}`,
          policyId: id,
          policyName: displayName,
          state,
          appId,
        })),
    )
    .sort((a, b) => byCodeUnit(JSON.stringify(a), JSON.stringify(b)));
  return found.filter(({ subject }, at) => found[at - 1]?.subject !== subject);
}

/** A policy in an export may lack its id: its name stands for it, in characters that ids may have. */
function nameAsId(displayName: string): string {
  return displayName.toLowerCase().replace(/[^\w.-]+/gu, '-');
}

function isSeen(appId: string, directory: Directory): boolean {
  return directory.applicationsByAppId(appId).length > 0 || directory.principalsByAppId(appId).length > 0;
}

function standingOut({ subject, ...evidence }: UnseenExclusion): SubjectVerdict {
  const { policyId, policyName, appId } = evidence;
  const policy = policyName === '' ? (policyId ?? 'without a name') : policyName;
  const title = `Policy ‹${policy}› excludes app ${appId}, which is not in the tenant: the exclusion spares nothing`;
  return {
    subject,
    verdict: verdict('fail', mfaExclusionNotOrphaned.severity, title, {
      evidence: { ...evidence, readFrom },
      deciders: [policyId, appId],
    }),
  };
}

function judgeOthers({ facts }: Directory, unseen: readonly UnseenExclusion[]): Verdict {
  const { severity, statement } = mfaExclusionNotOrphaned;
  const policyGaps = gapsOf(facts.conditionalAccessPolicies);
  const listGaps = unseen.length === 0 ? [] : [...gapsOf(facts.applications), ...gapsOf(facts.servicePrincipals)];
  if (policyGaps.length === 0 && listGaps.length === 0) {
    const title = unseen.length === 0 ? statement : 'Every other app that a policy excludes is in the tenant';
    return verdict('pass', severity, title, { evidence: { readFrom } });
  }
  const unproved =
    listGaps.length === 0 ? [] : unseen.map(({ policyId, policyName, appId }) => ({ policyId, policyName, appId }));
  const title =
    listGaps.length === 0
      ? 'Conditional Access policies were not read whole: others may exclude apps that are gone'
      : 'Excluded apps were not seen, in lists of apps that were not read whole';
  return verdict('unknown', severity, title, {
    evidence: { unseen: unproved, readFrom },
    deciders: unproved.flatMap(({ policyId, appId }) => [policyId, appId]),
    gaps: [...policyGaps, ...listGaps],
  });
}
