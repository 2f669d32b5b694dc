import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import { planConsent } from '../../../domain/remediation/plan-consent.ts';
import type { RemediationPlan } from '../../../domain/remediation/plan.ts';
import { samePlan } from '../../../domain/remediation/same-plan.ts';
import { account, directory, graphPrincipal, guid, principal } from '../build.ts';
import { planOf } from './planned.ts';

function plan(over: Partial<DirectoryFacts> = {}): RemediationPlan {
  const facts = directory({ oauth2PermissionGrants: known([]), ...over });
  return planOf(planConsent({ account: account(), directory: facts }));
}

describe('Two plans', () => {
  it('are the same when made from the same facts in another order, and after a way through JSON', () => {
    const a = plan();

    expect(samePlan(a, plan({ servicePrincipals: known([principal(), graphPrincipal()]) }))).toBe(true);
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(a), { minLength: 4 }), (entries) => {
        expect(samePlan(a, { ...a, ...(Object.fromEntries(entries) as Partial<typeof a>) })).toBe(true);
        expect(samePlan(a, JSON.parse(JSON.stringify(Object.fromEntries(entries))) as typeof a)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('differ where anything differs that would be done, or the ground it stands on', () => {
    const a = plan();
    const [call] = a.calls;
    if (call === undefined) throw new Error('There is no call');

    for (const calls of [
      [],
      [call, call],
      [{ ...call, body: { ...call.body, scope: 'openid profile User.Read Mail.Read' } }],
      [{ ...call, url: '/v1.0/servicePrincipals' }],
      [{ ...call, reads: { ...call.reads, expect: {} } }],
      [{ ...call, undo: { ...call.undo, method: 'PATCH' } }],
    ]) {
      expect(samePlan(a, { ...a, calls })).toBe(false);
    }
    expect(samePlan(a, { ...a, target: { ...a.target, id: guid(99) } })).toBe(false);
  });
});
