import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import { mfaExclusionNotOrphaned } from '../../../domain/rules/mfa-exclusion-not-orphaned.ts';
import { appId, application, applications, directory, gap, guid, judgeTenant, policy, principal } from '../build.ts';

const gone = 'abcdef00-0000-4000-8000-000000000001';
const goneToo = 'abcdef00-0000-4000-8000-000000000002';

function excluding(exclude: readonly string[], over: Partial<ConditionalAccessPolicy> = {}) {
  return policy({ applications: applications({ include: ['All'], exclude }), ...over });
}

function judge(policies: readonly ConditionalAccessPolicy[], over: Partial<DirectoryFacts> = {}) {
  return judgeTenant(mfaExclusionNotOrphaned, {
    directory: directory({ conditionalAccessPolicies: known(policies), ...over }),
  });
}

/** The policies, and both lists an app may be in. */
const readFrom = ['conditional-access-policies', 'applications', 'service-principals'];

describe('mfa-exclusion-not-orphaned: every excluded app is in the tenant', () => {
  it('is compliant without policies, and with policies that exclude nothing', () => {
    expect(judge([])).toMatchObject({
      subjects: [],
      others: { outcome: 'pass', severity: 'low', evidence: { readFrom } },
    });
    expect(judge([excluding([])])).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
  });

  it('is compliant when the excluded appId is of an application, of a service principal or of both', () => {
    const none = { applications: known([]), servicePrincipals: known([]) };
    const policies = [excluding([appId.toUpperCase()])];
    for (const over of [
      {},
      { ...none, applications: known([application()]) },
      { ...none, servicePrincipals: known([principal()]) },
    ]) {
      expect(judge(policies, over)).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
    }
  });

  it('is not about keywords', () => {
    expect(judge([excluding(['Office365', 'MicrosoftAdminPortals', 'SomethingNew'])])).toMatchObject({
      subjects: [],
      others: { outcome: 'pass' },
    });
  });

  it('is not about disabled policies', () => {
    expect(judge([excluding([gone], { state: 'disabled' })])).toMatchObject({
      subjects: [],
      others: { outcome: 'pass' },
    });
  });

  it.each(['enabled', 'enabledForReportingButNotEnforced', 'somethingNew'])(
    'is not compliant when a policy in state %s excludes an app that is gone',
    (state) => {
      const { subjects, others } = judge([excluding([appId, gone.toUpperCase()], { state })]);
      expect(subjects).toMatchObject([
        {
          subject: `${guid(0x100)}:${gone}`,
          verdict: {
            outcome: 'fail',
            severity: 'low',
            evidence: { policyId: guid(0x100), policyName: 'Require MFA for all users', state, appId: gone },
            deciders: [guid(0x100), gone],
          },
        },
      ]);
      expect(subjects[0]?.verdict.title).toContain('‹Require MFA for all users›');
      expect(others.outcome).toBe('pass');
      expect(others.title).not.toBe(mfaExclusionNotOrphaned.statement);
      expect(judge([]).others.title).toBe(mfaExclusionNotOrphaned.statement);
    },
  );

  it('finds a storage app that was made anew under another appId', () => {
    const anew = { applications: known([application({ appId: gone })]), servicePrincipals: known([]) };
    expect(judge([excluding([appId])], anew).subjects.map(({ subject }) => subject)).toEqual([
      `${guid(0x100)}:${appId}`,
    ]);
  });

  it('names each app of each policy once', () => {
    const other = { id: guid(0x101), displayName: 'Block legacy sign-ins' };
    const { subjects } = judge([
      excluding([gone, goneToo, gone.toUpperCase()]),
      excluding([gone], other),
      excluding([gone], other),
    ]);
    expect(subjects.map(({ subject }) => subject).sort()).toEqual([
      `${guid(0x100)}:${gone}`,
      `${guid(0x100)}:${goneToo}`,
      `${guid(0x101)}:${gone}`,
    ]);
  });

  it('takes the first by name of a policy that was read twice, before and after it was renamed', () => {
    const [before, after] = [excluding([gone], { displayName: 'B' }), excluding([gone], { displayName: 'A' })] as const;
    for (const policies of [
      [before, after],
      [after, before],
    ]) {
      expect(judge(policies).subjects).toMatchObject([{ verdict: { evidence: { policyName: 'A' } } }]);
    }
  });

  it('takes a policy that has no id, and one that has no name', () => {
    const { subjects } = judge([
      excluding([gone], { id: null }),
      excluding([gone], { id: null, displayName: 'Another' }),
      excluding([goneToo], { displayName: '' }),
    ]);
    expect(subjects.map(({ subject }) => subject).sort()).toEqual([
      `${guid(0x100)}:${goneToo}`,
      `another:${gone}`,
      `require-mfa-for-all-users:${gone}`,
    ]);
    const nameless = subjects.find(({ subject }) => subject.startsWith(guid(0x100)));
    expect(subjects.find(({ subject }) => subject.startsWith('another'))?.verdict.deciders).toEqual([gone]);
    expect(nameless?.verdict.title).toContain(`‹${guid(0x100)}›`);
  });

  it.each(['applications', 'service-principals'] as const)(
    'could not be evaluated: the app was not seen, and %s were not read, or not whole',
    (name) => {
      const key = name === 'applications' ? name : 'servicePrincipals';
      for (const list of [unavailable<never>(gap(name)), collected<never>([], [gap(name)])]) {
        const { subjects, others } = judge([excluding([goneToo, gone])], { [key]: list });
        expect(subjects).toEqual([]);
        expect(others).toMatchObject({
          outcome: 'unknown',
          severity: 'low',
          gaps: [gap(name)],
          deciders: [guid(0x100), gone, goneToo],
          evidence: { unseen: [{ appId: gone }, { appId: goneToo }] },
        });
        expect(others.title).toContain('lists of apps that were not read whole');
      }
    },
  );

  it('is compliant with lists that were not read whole, when nothing excluded is missing in them', () => {
    const partial = {
      applications: unavailable<never>(gap('applications')),
      servicePrincipals: collected([principal()], [gap('service-principals')]),
    };
    expect(judge([excluding([appId])], partial)).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
    expect(judge([], partial)).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
  });

  it('could not be evaluated: the policies were not read', () => {
    const missing = gap('conditional-access-policies');
    expect(judge([], { conditionalAccessPolicies: unavailable(missing) })).toMatchObject({
      subjects: [],
      others: { outcome: 'unknown', severity: 'low', gaps: [missing] },
    });
  });

  it('names what it saw of policies that were not read whole, and leaves the others open', () => {
    const missing = gap('conditional-access-policies');
    const seen = { conditionalAccessPolicies: collected([excluding([gone])], [missing]) };
    expect(judge([], seen)).toMatchObject({
      subjects: [{ subject: `${guid(0x100)}:${gone}`, verdict: { outcome: 'fail', gaps: [] } }],
      others: { outcome: 'unknown', gaps: [missing], deciders: [], evidence: { unseen: [], readFrom } },
    });
    expect(judge([], seen).others.title).toContain('Conditional Access policies were not read whole');
  });

  it('names both gaps when neither policies nor apps were read whole', () => {
    const gaps = [gap('conditional-access-policies'), gap('applications')] as const;
    const both = {
      conditionalAccessPolicies: collected([excluding([gone])], [gaps[0]]),
      applications: unavailable<never>(gaps[1]),
    };
    expect(judge([], both)).toMatchObject({ subjects: [], others: { outcome: 'unknown', gaps } });
  });

  it('uses only letters, digits, dots, colons and dashes in subjects, in lower case', () => {
    const { subjects } = judge([excluding([gone.toUpperCase()], { id: 'ABC' }), excluding([gone], { id: null })]);
    expect(subjects).toHaveLength(2);
    for (const { subject } of subjects) expect(subject).toMatch(/^[a-z0-9_.:-]+$/);
  });

  it('does not depend on the order of policies or exclusions', () => {
    const somePolicy = fc.record({
      id: fc.constantFrom(guid(1), guid(2), null),
      displayName: fc.constantFrom('One', 'Two'),
      exclude: fc.uniqueArray(fc.constantFrom(gone, goneToo, appId, 'Office365')),
    });
    fc.assert(
      fc.property(fc.array(somePolicy, { maxLength: 4 }), fc.boolean(), (some, whole) => {
        const policies = some.map(({ exclude, ...over }) => excluding(exclude, over));
        const turned = some.map(({ exclude, ...over }) => excluding(exclude.toReversed(), over)).toReversed();
        const lists = whole ? {} : { applications: collected([application()], [gap('applications')]) };
        expect(judge(turned, lists)).toEqual(judge(policies, lists));
      }),
    );
  });
});
