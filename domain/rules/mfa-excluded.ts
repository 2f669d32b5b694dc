import { mfaOutcome } from '../conditional-access/outcome.ts';
import { gapsOf, itemsOf } from '../model/collection.ts';
import type { DirectoryFacts } from '../model/facts.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgeStorageApps } from './app-rule.ts';
import { judgePolicies } from './policy-at-work.ts';
import { mfaTitle } from './policy-title.ts';
import type { AccountRule } from './rule.ts';
import { compareVerdicts, verdict } from './verdicts.ts';

/** Windows asks for the ticket without a person at hand: an MFA prompt cannot be answered. */
export const mfaExcluded: AccountRule = {
  about: 'account',
  id: 'mfa-excluded',
  statement: 'No Conditional Access policy asks for MFA when a share is mounted',
  why: 'Microsoft supports no MFA on storage apps: a policy that demands it locks everyone it reaches out of their shares.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals', 'conditional-access-policies', 'security-defaults'],
  helpedBy: [],
  symptom: 'System error 1327',
  remediation: { summary: 'Exclude the storage app, by its appId, from the policy', action: 'exclude-app-from-policy' },
  thresholds: {},
  evaluate: (context) =>
    judgeStorageApps(mfaExcluded, context, (app) => {
      const reading = { outcomeOf: mfaOutcome, titleOf: mfaTitle };
      return withSecurityDefaults(judgePolicies(mfaExcluded, app, context.directory, reading), context.directory.facts);
    }),
};

/**
 * Security defaults ask for MFA whatever the policies say, of users and at times that nobody but Microsoft chooses: at
 * least warn, medium. Where it is not known whether they are on, a pass is unknown; what the policies decided stays.
 */
function withSecurityDefaults(seen: Verdict, { securityDefaults }: DirectoryFacts): Verdict {
  const { severity } = mfaExcluded;
  const gaps = gapsOf(securityDefaults);
  const read = itemsOf(securityDefaults);
  const isOn = read.some(({ isEnabled }) => isEnabled === true);
  const isOff = !isOn && gaps.length === 0 && read.some(({ isEnabled }) => isEnabled === false);
  const evidence = {
    ...seen.evidence,
    securityDefaults: isOn ? 'on' : isOff ? 'off' : 'unknown',
    readFrom: ['conditional-access-policies', 'security-defaults'],
  };
  const told = { evidence, deciders: seen.deciders };
  switch (seen.outcome) {
    case 'pass':
    case 'warn': {
      if (isOn) {
        const deciders = [...seen.deciders, 'security-defaults'];
        const title =
          'Security defaults are on: they ask for MFA, no app can be excluded, and whoever is asked cannot mount a share';
        const on = verdict('warn', 'medium', title, { evidence, deciders });
        return compareVerdicts(seen, on) <= 0 ? { ...seen, evidence, deciders: on.deciders } : on;
      }
      if (isOff || seen.outcome === 'warn') return { ...seen, evidence };
      const title =
        gaps.length > 0
          ? 'Security defaults were not read: they ask for MFA whatever the policies say'
          : 'What was read does not say whether security defaults are on, which ask for MFA whatever the policies say';
      return verdict('unknown', severity, title, { ...told, gaps });
    }
    // Where nothing but what was not read is in the way, security defaults may be in the way too.
    case 'unknown':
      return { ...seen, evidence, gaps: seen.gaps.length > 0 && !isOn ? [...seen.gaps, ...gaps] : seen.gaps };
    default:
      return { ...seen, evidence };
  }
}
