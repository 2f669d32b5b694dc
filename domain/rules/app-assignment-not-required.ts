import type { Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** Nobody can be assigned for a Kerberos ticket, so demanding assignment shuts everyone out. */
export const appAssignmentNotRequired: AccountRule = {
  about: 'account',
  id: 'app-assignment-not-required',
  statement: 'The storage app gives tickets without asking for an assignment',
  why: 'With "Assignment required" on, Entra refuses every ticket for the app, to people who are assigned as well.',
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: 'No Kerberos ticket; AADSTS50105 in the sign-in logs',
  remediation: {
    summary: 'Switch "Assignment required" off on the storage app',
    action: 'assignment-not-required',
  },
  thresholds: {},
  evaluate: (context) => judgePrincipals(appAssignmentNotRequired, context, judge),
};

function judge(app: PrincipalToJudge): Verdict {
  const { severity } = appAssignmentNotRequired;
  const { id, appRoleAssignmentRequired } = app.principal.object;
  const told = { evidence: { appRoleAssignmentRequired, readFrom: 'service-principals' }, deciders: [id] };
  switch (appRoleAssignmentRequired) {
    case true:
      return verdict(
        'fail',
        severity,
        `Assignment is required on ‹${app.displayName}›: nobody gets a ticket, not even people who are assigned`,
        told,
      );
    case false:
      return verdict('pass', severity, 'The storage app asks for no assignment', told);
    case null:
      return verdict(
        'unknown',
        severity,
        `Whether ‹${app.displayName}› demands an assignment was not in what was read`,
        told,
      );
  }
}
