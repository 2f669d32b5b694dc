import type { SecurityDefaults } from '../model/tenant-policies.ts';
import type { Verdict } from '../model/verdict.ts';
import type { TenantRule } from './rule.ts';
import { verdict } from './verdicts.ts';
import { worstSeen } from './worst-seen.ts';

/** Security defaults ask for MFA without knowing exclusions; whoever keeps them on accepts that by a waiver. */
export const securityDefaultsOffOrAccepted: TenantRule = {
  about: 'tenant',
  id: 'security-defaults-off-or-accepted',
  statement: 'Security defaults are off, or somebody has accepted what they do to shares',
  why: 'Security defaults can ask every user for MFA, for every app, and no app can be excluded from them.',
  severity: 'high',
  needs: ['security-defaults'],
  helpedBy: [],
  symptom: 'System error 1327',
  remediation: {
    summary: 'Replace security defaults by Conditional Access policies that exclude the storage apps, or accept it',
    action: null,
  },
  thresholds: {},
  evaluate: ({ directory }) => ({
    subjects: [],
    others: worstSeen(
      securityDefaultsOffOrAccepted,
      directory.facts.securityDefaults,
      'security defaults policy',
      judge,
    ),
  }),
};

function judge({ isEnabled }: SecurityDefaults): Verdict {
  const { severity } = securityDefaultsOffOrAccepted;
  const told = { evidence: { isEnabled, readFrom: 'security-defaults' } };
  if (isEnabled === null) {
    return verdict('unknown', severity, 'The security defaults policy does not say whether it is on', told);
  }
  return isEnabled
    ? verdict(
        'fail',
        severity,
        'Security defaults are on: every user of a share is asked for MFA, and no app can be excluded',
        told,
      )
    : verdict('pass', severity, 'Security defaults are off', told);
}
