import { describe, expect, it } from 'vitest';
import type { PreflightApp } from '../../../domain/audit/preflight-apps.ts';
import { secondOpinion, type WhatIfAnswer } from '../../../domain/audit/second-opinion.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { applications, controls, guid, policy, users } from '../build.ts';

const app: PreflightApp = { account: 'alpha', target: { appId: guid(0xa), securityAttributes: null }, objectIds: [] };

function answer(over: Partial<WhatIfAnswer> = {}): WhatIfAnswer {
  return { policyId: guid(0x100), applies: true, reasons: [], policy: policy(), ...over };
}

function opinion(over: Partial<ConditionalAccessPolicy>, said: Partial<WhatIfAnswer> = {}) {
  return secondOpinion(policy(over), [{ app, answers: [answer(said)] }]).opinions[0];
}

const no = { applies: false, reasons: ['application'] };

describe("Entra's second opinion", () => {
  it.each<[string, Partial<ConditionalAccessPolicy>, string]>([
    ['all users', {}, 'applies'],
    ['report-only', { state: 'enabledForReportingButNotEnforced' }, 'applies'],
    [
      'a policy that demands a device only',
      { grantControls: controls({ builtInControls: ['compliantDevice'] }) },
      'applies',
    ],
    ['a policy that demands nothing', { grantControls: null }, 'applies'],
    ['a group', { users: users({ includeGroups: [guid(1)] }) }, 'may-apply'],
    ['an excluded app', { applications: applications({ include: ['All'], exclude: [guid(0xa)] }) }, 'does-not-apply'],
    ['a disabled policy', { state: 'disabled' }, 'does-not-apply'],
    ['a condition that is not known', { unreadConditions: ['times'] }, 'undecided'],
    ['a state that is not known', { state: 'paused' }, 'undecided'],
  ])('is compared with what we say of %s', (_what, over, ours) => {
    expect(opinion(over)?.ours).toBe(ours);
  });

  it('differs where one says yes and the other no', () => {
    expect(opinion({})).toMatchObject({ entra: 'applies', differs: false });
    expect(opinion({}, no)).toMatchObject({ entra: 'does-not-apply', differs: true, analysisReasons: ['application'] });
    expect(opinion({ state: 'disabled' })).toMatchObject({ differs: true });
    expect(opinion({ state: 'disabled' }, no)).toMatchObject({ differs: false });
  });

  it.each([
    ['may apply', { users: users({ includeRoles: [guid(1)] }) }],
    ['cannot be decided', { unreadConditions: ['times'] }],
  ])('never differs from what %s', (_what, over) => {
    expect([opinion(over)?.differs, opinion(over, no)?.differs]).toEqual([false, false]);
  });

  it.each([[{ applies: null }], [{ applies: false, reasons: ['users', 'notEnoughInformation'] }]])(
    'is none where Entra could not decide: %j',
    (said) => {
      expect(opinion({}, said)).toMatchObject({ entra: 'undecided', differs: false });
    },
  );

  it('is empty for a policy that the tenant does not have', () => {
    expect(secondOpinion(policy({ id: guid(0x101) }), [{ app, answers: [answer()] }])).toMatchObject({
      sameAsInTenant: null,
      opinions: [],
    });
  });

  it('says whether the tenant has the same policy, whatever the order of its lists', () => {
    const [one, other] = [guid(1), guid(2)];
    const excluding = (exclude: string[]) => policy({ applications: applications({ include: ['All'], exclude }) });
    const same = (inTenant: ConditionalAccessPolicy | null) =>
      secondOpinion(excluding([one, other]), [{ app, answers: [answer({ policy: inTenant })] }]).sameAsInTenant;

    expect(same(excluding([other, one]))).toBe(true);
    expect(same(excluding([one]))).toBe(false);
    expect(same(null)).toBeNull();
  });
});
