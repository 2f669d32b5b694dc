import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { mfaExcluded } from '../../../domain/rules/mfa-excluded.ts';
import {
  account,
  appId,
  application,
  applications,
  controls,
  directory,
  gap,
  graphPrincipal,
  guid,
  host,
  judge,
  policy,
  principal,
  users,
} from '../build.ts';

const violating = policy();
const forGroups = policy({
  id: guid(0x101),
  displayName: 'MFA for finance',
  users: users({ includeGroups: [guid(5)] }),
});
const risky = policy({ id: guid(0x102), displayName: 'MFA at risk', signInRiskLevels: ['high'] });
const undecided = policy({ id: guid(0x103), displayName: 'MFA at times', unreadConditions: ['times'] });
const excluding = policy({ id: guid(0x104), applications: applications({ include: ['All'], exclude: [appId] }) });
const reporting = policy({ id: guid(0x105), displayName: 'To come', state: 'enabledForReportingButNotEnforced' });
const blocking = policy({ id: guid(0x106), grantControls: controls({ builtInControls: ['block'] }) });

function withPolicies(...policies: ConditionalAccessPolicy[]) {
  return { directory: directory({ conditionalAccessPolicies: known(policies) }) };
}

describe('mfa-excluded: no Conditional Access policy asks for MFA when a share is mounted', () => {
  it('is compliant without policies, and where a policy excludes the app, which evidence notes', () => {
    expect(judge(mfaExcluded).outcome).toBe('pass');
    expect(judge(mfaExcluded, withPolicies(excluding))).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ excludedBy: [{ id: excluding.id }] }] },
    });
  });

  it('leaves blocks to the rule that is about them', () => {
    expect(
      judge(mfaExcluded, withPolicies(blocking, { ...blocking, state: 'enabledForReportingButNotEnforced' })).outcome,
    ).toBe('pass');
  });

  it('is not compliant, critical, when a policy asks every user', () => {
    expect(judge(mfaExcluded, withPolicies(violating))).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      title:
        "Policy ‹Require MFA for all users› reaches this account's app: every user is asked for MFA when mounting a share",
      deciders: [violating.id],
    });
  });

  it('is not compliant, high, when only the users make it conditional', () => {
    expect(judge(mfaExcluded, withPolicies(forGroups))).toMatchObject({ outcome: 'fail', severity: 'high' });
  });

  it('warns of what is conditional otherwise, and of what only reports', () => {
    expect(judge(mfaExcluded, withPolicies(risky))).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(judge(mfaExcluded, withPolicies(reporting))).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(judge(mfaExcluded, withPolicies({ ...risky, state: reporting.state }))).toMatchObject({
      outcome: 'warn',
      severity: 'low',
    });
  });

  it('could not be evaluated: a policy that cannot be decided', () => {
    expect(judge(mfaExcluded, withPolicies(undecided))).toMatchObject({
      outcome: 'unknown',
      severity: 'critical',
      gaps: [],
      deciders: [undecided.id],
    });
  });

  it('puts fail before unknown, unknown before warn, and names every policy that has an effect', () => {
    expect(judge(mfaExcluded, withPolicies(risky, undecided)).outcome).toBe('unknown');
    const verdict = judge(mfaExcluded, withPolicies(reporting, risky, undecided, forGroups, excluding, violating));
    expect(verdict).toMatchObject({ outcome: 'fail', severity: 'critical', deciders: [violating.id, forGroups.id] });
    expect(verdict.evidence).toMatchObject({
      apps: [{ policies: [violating, forGroups, undecided, risky, reporting].map(({ id }) => ({ id })) }],
    });
  });

  it('is judged for each of several candidates, and the worst counts', () => {
    const other = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });
    const facts = { servicePrincipals: known([principal(), other]), conditionalAccessPolicies: known([excluding]) };
    expect(judge(mfaExcluded, { directory: directory(facts) })).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
    });
  });

  it('does not apply without an app, without its principal, or to other sources', () => {
    const all = known([violating]);
    const none = directory({ applications: known([]), servicePrincipals: known([]), conditionalAccessPolicies: all });
    const orphan = directory({ servicePrincipals: known([graphPrincipal()]), conditionalAccessPolicies: all });
    expect(judge(mfaExcluded, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(mfaExcluded, { directory: orphan }).outcome).toBe('not-applicable');
    expect(
      judge(mfaExcluded, { ...withPolicies(violating), account: account({ directoryService: 'None' }) }).outcome,
    ).toBe('not-applicable');
  });

  it('could not be evaluated: policies unread, or read in part without a violation', () => {
    const policyGap = gap('conditional-access-policies');
    const unread = directory({ conditionalAccessPolicies: unavailable(policyGap) });
    const partial = directory({ conditionalAccessPolicies: collected([risky], [policyGap]) });
    expect(judge(mfaExcluded, { directory: unread })).toMatchObject({ outcome: 'unknown', gaps: [policyGap] });
    expect(judge(mfaExcluded, { directory: partial })).toMatchObject({ outcome: 'unknown', gaps: [policyGap] });
  });

  it('keeps a violation that was seen, though policies were read in part', () => {
    const partial = directory({
      conditionalAccessPolicies: collected([violating], [gap('conditional-access-policies')]),
    });
    expect(judge(mfaExcluded, { directory: partial })).toMatchObject({ outcome: 'fail', gaps: [] });
  });

  it('is never compliant for an app found by a lesser name while a surer list is unread; a violation stays one', () => {
    const principalGap = gap('service-principals');
    const of = (...policies: ConditionalAccessPolicy[]) =>
      judge(mfaExcluded, {
        directory: directory({
          applications: known([application()]),
          servicePrincipals: unavailable(principalGap),
          conditionalAccessPolicies: known(policies),
        }),
      });
    expect(of()).toMatchObject({ outcome: 'unknown', gaps: [principalGap] });
    expect(of(violating).outcome).toBe('fail');
  });
});
