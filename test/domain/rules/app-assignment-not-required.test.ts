import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import { appAssignmentNotRequired } from '../../../domain/rules/app-assignment-not-required.ts';
import { account, directory, gap, graphPrincipal, guid, host, judge, principal, principalId } from '../build.ts';

function withPrincipals(...principals: ReturnType<typeof principal>[]) {
  return { directory: directory({ servicePrincipals: known([graphPrincipal(), ...principals]) }) };
}

describe('app-assignment-not-required: the storage app gives tickets without asking for an assignment', () => {
  it('is compliant where no assignment is required', () => {
    expect(judge(appAssignmentNotRequired)).toMatchObject({ outcome: 'pass', deciders: [principalId] });
  });

  it('is not compliant where it is: not even people who are assigned get a ticket', () => {
    expect(
      judge(appAssignmentNotRequired, withPrincipals(principal({ appRoleAssignmentRequired: true }))),
    ).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      deciders: [principalId],
      evidence: { apps: [{ servicePrincipalId: principalId, appRoleAssignmentRequired: true }] },
    });
  });

  it('is judged for each of several candidates, and the worst counts', () => {
    const other = principal({
      id: guid(51),
      appId: guid(50),
      servicePrincipalNames: [`CIFS/${host}`],
      appRoleAssignmentRequired: true,
    });
    expect(judge(appAssignmentNotRequired, withPrincipals(principal(), other))).toMatchObject({
      outcome: 'fail',
      deciders: [guid(51)],
    });
  });

  it('does not apply without an app, without its principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([graphPrincipal()]) });
    expect(judge(appAssignmentNotRequired, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(appAssignmentNotRequired, withPrincipals()).outcome).toBe('not-applicable');
    expect(judge(appAssignmentNotRequired, { account: account({ directoryService: 'AD' }) }).outcome).toBe(
      'not-applicable',
    );
  });

  it('could not be evaluated: the property was not in what was read, which no permission mends', () => {
    expect(
      judge(appAssignmentNotRequired, withPrincipals(principal({ appRoleAssignmentRequired: null }))),
    ).toMatchObject({ outcome: 'unknown', severity: 'critical', gaps: [] });
  });

  it('could not be evaluated: the principal was not read', () => {
    const unread = directory({ servicePrincipals: unavailable(gap('service-principals')) });
    expect(judge(appAssignmentNotRequired, { directory: unread })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
    });
  });
});
