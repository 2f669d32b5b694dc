import { describe, expect, it } from 'vitest';
import { collected, known, unavailable, type Collection } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { SecurityDefaults } from '../../../domain/model/tenant-policies.ts';
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

  it('leaves blocks to the rule that is about them, latent and undecided ones too', () => {
    const latent = { ...blocking, state: 'enabledForReportingButNotEnforced' };
    const open = { ...blocking, unreadConditions: ['times'] };
    expect(judge(mfaExcluded, withPolicies(blocking, latent, open))).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ policies: [] }] },
    });
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
    expect(judge(mfaExcluded, { directory: partial })).toMatchObject({
      outcome: 'unknown',
      gaps: [policyGap],
      deciders: [],
    });
  });

  it('keeps a violation that was seen, though policies were read in part', () => {
    const partial = directory({
      conditionalAccessPolicies: collected([violating], [gap('conditional-access-policies')]),
    });
    expect(judge(mfaExcluded, { directory: partial })).toMatchObject({ outcome: 'fail', gaps: [] });
  });

  it('could not be evaluated for an app found by a lesser name while a surer list is unread: the app may be another one', () => {
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
    expect(of(violating)).toMatchObject({ outcome: 'unknown', gaps: [principalGap] });
  });

  it('names in evidence each policy with the rows that decided, and what excludes the app', () => {
    const named = { ...violating, applications: applications({ include: [appId] }) };
    expect(judge(mfaExcluded, withPolicies(named, excluding)).evidence).toMatchObject({
      apps: [
        {
          policies: [
            {
              id: named.id,
              name: named.displayName,
              state: 'enabled',
              effect: 'violation',
              latent: false,
              microsoftManaged: false,
              namesTheApp: true,
              outcome: 'fail',
              severity: 'critical',
              why: [{ row: 8 }, { row: 13 }, { row: 16 }, { row: 26 }],
            },
          ],
          excludedBy: [{ id: excluding.id, name: excluding.displayName, why: [{ row: 6 }] }],
          securityDefaults: 'off',
          readFrom: ['conditional-access-policies', 'security-defaults'],
        },
      ],
    });
  });

  it('notes the change to exclusions of 2026 beside an exclusion from all resources, and decides nothing by it', () => {
    const note = (one: ConditionalAccessPolicy) => {
      const { outcome, evidence } = judge(mfaExcluded, withPolicies(one));
      expect(outcome).toBe('pass');
      return evidence['apps'];
    };
    expect(note(excluding)).toMatchObject([{ exclusionNote: { since: '2026-06-15' } }]);
    const fromOne = { ...excluding, applications: applications({ include: [appId], exclude: [appId] }) };
    expect(note(fromOne)).toMatchObject([{ exclusionNote: null, excludedBy: [{ id: excluding.id }] }]);
    const fromAllAndOne = applications({ include: [appId, 'ALL'], exclude: [appId] });
    expect(note({ ...excluding, applications: fromAllAndOne })).toMatchObject([
      { exclusionNote: { since: '2026-06-15' } },
    ]);
    expect(note({ ...excluding, state: 'disabled' })).toMatchObject([{ exclusionNote: null, excludedBy: [] }]);
  });

  it('notes a policy that asks for a sign-in every time, and decides nothing by it', () => {
    const everyTime = policy({ id: guid(0x107), grantControls: null, signInFrequency: 'everyTime' });
    expect(judge(mfaExcluded, withPolicies(excluding, everyTime))).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ signInEveryTime: [{ id: everyTime.id, name: everyTime.displayName }] }] },
    });
  });

  it('puts a latent policy one step up where Microsoft manages it, and says so in evidence', () => {
    const managed = { ...reporting, displayName: 'Microsoft-managed: MFA for all users', templateId: guid(9) };
    expect(judge(mfaExcluded, withPolicies(managed))).toMatchObject({
      outcome: 'warn',
      severity: 'high',
      evidence: { apps: [{ policies: [{ microsoftManaged: true, latent: true }] }] },
    });
  });

  it.each([
    ["Policy ‹MFA for finance› reaches this account's app: the users it selects are asked for MFA", forGroups],
    ["Policy ‹MFA at risk› reaches this account's app and may stop some people from mounting a share: ", risky],
    ['Policy ‹MFA at times› may ask for MFA when mounting a share, which cannot be decided: ', undecided],
    ['Policy ‹To come› only reports for now; switched on, it would ask every user for MFA', reporting],
    [
      'Policy ‹MFA at risk› only reports for now; switched on, it would ask some users',
      { ...risky, state: reporting.state },
    ],
    [
      'Policy ‹MFA for finance› only reports for now; switched on, it would ask the users it selects for MFA',
      { ...forGroups, state: reporting.state },
    ],
    [
      'Policy ‹MFA at times› only reports for now; switched on, it might ask for MFA',
      { ...undecided, state: reporting.state },
    ],
    [`Policy ‹${guid(0x100)}› reaches`, { ...violating, displayName: '' }],
    ['Policy ‹without a name› reaches', { ...violating, displayName: '', id: null }],
  ])('reads: %s', (title, one) => {
    expect(judge(mfaExcluded, withPolicies(one)).title).toContain(title);
  });

  it('names the policy that counts most, and how many more count as much', () => {
    expect(judge(mfaExcluded, withPolicies(forGroups, violating, risky)).title).toContain(
      'Policy ‹Require MFA for all users› (and 1 more) reaches',
    );
  });
});

describe('mfa-excluded and an application filter', () => {
  const rule = 'CustomSecurityAttribute.Storage_Kerberos -eq "yes"';
  const filtering = policy({ applications: applications({ include: ['All'], filter: { mode: 'exclude', rule } }) });
  const judged = (
    securityAttributes: ReturnType<typeof principal>['securityAttributes'],
    ...policies: ConditionalAccessPolicy[]
  ) =>
    judge(mfaExcluded, {
      directory: directory({
        servicePrincipals: known([graphPrincipal(), principal({ securityAttributes })]),
        conditionalAccessPolicies: known(policies),
      }),
    });

  it('is decided where the attributes of the principal were read', () => {
    expect(judged({ Storage: { Kerberos: 'yes' } }, filtering)).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ excludedBy: [{ id: filtering.id, why: [{ row: 10 }] }] }] },
    });
    expect(judged({}, filtering)).toMatchObject({ outcome: 'fail', severity: 'critical' });
  });

  it('could not be evaluated: the attributes were not read, which names the permission', () => {
    expect(judged(null, filtering)).toMatchObject({
      outcome: 'unknown',
      deciders: [filtering.id],
      gaps: [{ collection: 'service-principals', needs: 'CustomSecAttributeAssignment.Read.All' }],
    });
    expect(judged(null, filtering).title).toContain('CustomSecAttributeAssignment.Read.All');
    expect(judged(null, filtering, { ...forGroups }).outcome).toBe('fail');
    expect(judged(null).outcome).toBe('pass');
  });

  it('could not be evaluated: the principal was not read at all', () => {
    const principalGap = gap('service-principals');
    const facts = {
      servicePrincipals: unavailable<ReturnType<typeof principal>>(principalGap),
      conditionalAccessPolicies: known([filtering]),
    };
    expect(judge(mfaExcluded, { directory: directory(facts) })).toMatchObject({
      outcome: 'unknown',
      gaps: [principalGap],
    });
  });
});

describe('mfa-excluded and security defaults', () => {
  const defaultsGap = gap('security-defaults');
  const judged = (securityDefaults: Collection<SecurityDefaults>, ...policies: ConditionalAccessPolicy[]) =>
    judge(mfaExcluded, { directory: directory({ securityDefaults, conditionalAccessPolicies: known(policies) }) });
  const on = known([{ isEnabled: true }]);
  const low = { ...risky, state: reporting.state };
  const managed = { ...reporting, displayName: 'Microsoft-managed: MFA', templateId: guid(9) };

  it('warns at least, medium, where they are on, with a title of its own', () => {
    expect(judged(on)).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      deciders: ['security-defaults'],
      evidence: { apps: [{ securityDefaults: 'on' }] },
    });
    expect(judged(on).title).toContain('Security defaults are on');
    expect(judged(on, low)).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      deciders: [low.id, 'security-defaults'],
    });
    expect(judged(on, low).title).toContain('Security defaults are on');
    expect(judged(collected([{ isEnabled: true }], [defaultsGap]))).toMatchObject({ outcome: 'warn', gaps: [] });
  });

  it('keeps what is as bad or worse, and names it in the title', () => {
    expect(judged(on, risky)).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      deciders: [risky.id, 'security-defaults'],
    });
    expect(judged(on, risky).title).toContain('‹MFA at risk›');
    expect(judged(on, managed)).toMatchObject({ outcome: 'warn', severity: 'high' });
    expect(judged(on, violating)).toMatchObject({ outcome: 'fail', severity: 'critical', deciders: [violating.id] });
    expect(judged(on, undecided)).toMatchObject({ outcome: 'unknown', deciders: [undecided.id], gaps: [] });
  });

  it.each([
    ['not read', unavailable<SecurityDefaults>(defaultsGap), [defaultsGap]],
    ['read in part', collected([{ isEnabled: false }], [defaultsGap]), [defaultsGap]],
    ['silent', known([{ isEnabled: null }]), []],
    ['missing from what was read', known<SecurityDefaults>([]), []],
  ] as const)(
    'makes a pass unknown where they are %s, and leaves the rest as it is',
    (_says, securityDefaults, gaps) => {
      expect(judged(securityDefaults)).toMatchObject({
        outcome: 'unknown',
        severity: 'critical',
        gaps,
        title: expect.stringContaining(gaps.length > 0 ? 'were not read' : 'does not say') as string,
        evidence: { apps: [{ securityDefaults: 'unknown' }] },
      });
      expect(judged(securityDefaults, violating)).toMatchObject({ outcome: 'fail', severity: 'critical', gaps: [] });
      expect(judged(securityDefaults, forGroups)).toMatchObject({ outcome: 'fail', severity: 'high', gaps: [] });
      expect(judged(securityDefaults, low)).toMatchObject({ outcome: 'warn', severity: 'low', gaps: [] });
      expect(judged(securityDefaults, undecided)).toMatchObject({ outcome: 'unknown', gaps: [] });
    },
  );

  it('names every gap where policies were not read either, but for one that would change nothing', () => {
    const policyGap = gap('conditional-access-policies');
    const of = (securityDefaults: Collection<SecurityDefaults>) =>
      judge(mfaExcluded, {
        directory: directory({ securityDefaults, conditionalAccessPolicies: unavailable(policyGap) }),
      });
    expect(of(unavailable(defaultsGap)).gaps).toEqual([policyGap, defaultsGap]);
    expect(of(known([{ isEnabled: false }])).gaps).toEqual([policyGap]);
    expect(of(collected([{ isEnabled: true }], [defaultsGap])).gaps).toEqual([policyGap]);
  });
});
