import { blockOutcome } from '../conditional-access/outcome.ts';
import { judgeStorageApps } from './app-rule.ts';
import { judgePolicies } from './policy-at-work.ts';
import { blockTitle } from './policy-title.ts';
import type { AccountRule } from './rule.ts';

/** A block is no MFA: nothing the user does gets past it, on any device. */
export const conditionalAccessNotBlocking: AccountRule = {
  about: 'account',
  id: 'conditional-access-not-blocking',
  statement: 'No Conditional Access policy blocks the storage app',
  why: 'Entra issues no ticket for an app that a policy blocks, so whoever the policy reaches cannot mount a share.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals', 'conditional-access-policies'],
  helpedBy: [],
  symptom: 'No Kerberos ticket; AADSTS53003 in the sign-in logs',
  remediation: {
    summary: 'Exclude the storage app, by its appId, from the policy, or narrow whom and what the policy blocks',
    action: 'exclude-app-from-policy',
  },
  thresholds: {},
  evaluate: (context) =>
    judgeStorageApps(conditionalAccessNotBlocking, context, (app) =>
      judgePolicies(conditionalAccessNotBlocking, app, context.directory, {
        outcomeOf: blockOutcome,
        titleOf: blockTitle,
      }),
    ),
};
