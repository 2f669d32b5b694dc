import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { conditionalAccessNotBlocking } from '../../../domain/rules/conditional-access-not-blocking.ts';
import { account, appId, applications, controls, directory, gap, guid, judge, policy, users } from '../build.ts';

const reportOnly = 'enabledForReportingButNotEnforced';
const blocking = policy({
  id: guid(0x200),
  displayName: 'Block everything',
  grantControls: controls({ builtInControls: ['block'] }),
});
const abroad = {
  ...blocking,
  id: guid(0x201),
  displayName: 'Block abroad',
  locations: { include: ['All'], exclude: ['AllTrusted'] },
};
const undecided = { ...blocking, id: guid(0x202), displayName: 'Block at times', unreadConditions: ['times'] };
const excluding = {
  ...blocking,
  id: guid(0x203),
  displayName: 'Block but storage',
  applications: applications({ include: ['All'], exclude: [appId] }),
};

function judged(...policies: ConditionalAccessPolicy[]) {
  return judge(conditionalAccessNotBlocking, {
    directory: directory({ conditionalAccessPolicies: known(policies) }),
  });
}

describe('conditional-access-not-blocking: no Conditional Access policy blocks the storage app', () => {
  it('is compliant without policies, with policies that ask for MFA only, and where a block excludes the app', () => {
    expect(judged().outcome).toBe('pass');
    expect(judged(policy(), policy({ unreadConditions: ['times'] })).outcome).toBe('pass');
    expect(judged(excluding)).toMatchObject({
      outcome: 'pass',
      evidence: { apps: [{ excludedBy: [{ id: excluding.id }] }] },
    });
  });

  it('is not compliant, critical, when a policy blocks every user', () => {
    expect(judged(blocking)).toMatchObject({
      outcome: 'fail',
      severity: 'critical',
      title: "Policy ‹Block everything› blocks this account's app: no user gets a ticket, so nobody can mount a share",
      deciders: [blocking.id],
      evidence: {
        apps: [
          {
            policies: [{ id: blocking.id, effect: 'block', why: [{ row: 7 }, { row: 13 }, { row: 16 }, { row: 25 }] }],
          },
        ],
      },
    });
  });

  it.each([
    ['some places', abroad],
    ['groups', { ...blocking, users: users({ includeGroups: [guid(5)] }) }],
    ['guests', { ...blocking, users: users({ includesGuests: true }) }],
  ])('warns, medium, of a block for %s', (_says, one) => {
    expect(judged(one)).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(judged(one).title).toContain("blocks this account's app for some people, who cannot mount a share: ");
  });

  it.each([
    ['would keep every user from mounting', 'medium', 'high', blocking],
    ['would keep some users from mounting', 'low', 'medium', abroad],
    ['might keep users from mounting', 'low', 'medium', undecided],
  ] as const)(
    'warns of one that only reports: it %s a share (%s; %s where Microsoft manages it)',
    (words, severity, managed, one) => {
      const latent = { ...one, state: reportOnly };
      expect(judged(latent)).toMatchObject({ outcome: 'warn', severity });
      expect(judged(latent).title).toContain(words);
      const byMicrosoft = { ...latent, displayName: 'Microsoft-managed: Block', templateId: guid(9) };
      expect(judged(byMicrosoft)).toMatchObject({ outcome: 'warn', severity: managed });
    },
  );

  it('could not be evaluated: a block, or a control that may be one, cannot be decided', () => {
    expect(judged(undecided)).toMatchObject({
      outcome: 'unknown',
      severity: 'critical',
      gaps: [],
      deciders: [undecided.id],
    });
    expect(judged(undecided).title).toContain('may block');
    const strange = policy({ grantControls: controls({ builtInControls: ['blockOnFridays'] }) });
    expect(judged(strange).outcome).toBe('unknown');
  });

  it('puts fail before unknown, and unknown before warn', () => {
    expect(judged(abroad, undecided)).toMatchObject({ outcome: 'unknown' });
    expect(judged(abroad, undecided, blocking)).toMatchObject({ outcome: 'fail', deciders: [blocking.id] });
  });

  it('could not be evaluated: policies unread, or read in part without a block', () => {
    const policyGap = gap('conditional-access-policies');
    const of = (conditionalAccessPolicies: Parameters<typeof directory>[0] & object) =>
      judge(conditionalAccessNotBlocking, { directory: directory(conditionalAccessPolicies) });
    expect(of({ conditionalAccessPolicies: unavailable(policyGap) })).toMatchObject({
      outcome: 'unknown',
      gaps: [policyGap],
    });
    expect(of({ conditionalAccessPolicies: collected([abroad], [policyGap]) })).toMatchObject({
      outcome: 'unknown',
      gaps: [policyGap],
    });
    expect(of({ conditionalAccessPolicies: collected([blocking], [policyGap]) })).toMatchObject({
      outcome: 'fail',
      gaps: [],
    });
  });

  it('does not look at security defaults', () => {
    const unread = directory({ securityDefaults: unavailable(gap('security-defaults')) });
    expect(judge(conditionalAccessNotBlocking, { directory: unread }).outcome).toBe('pass');
  });

  it('does not apply to other sources', () => {
    const blocked = directory({ conditionalAccessPolicies: known([blocking]) });
    expect(
      judge(conditionalAccessNotBlocking, { directory: blocked, account: account({ directoryService: 'AD' }) }).outcome,
    ).toBe('not-applicable');
  });
});
