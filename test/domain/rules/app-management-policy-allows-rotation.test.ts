import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, known, unavailable, type Collection } from '../../../domain/model/collection.ts';
import type { AppManagementPolicy, PasswordRestriction } from '../../../domain/model/tenant-policies.ts';
import { appManagementPolicyAllowsRotation } from '../../../domain/rules/app-management-policy-allows-rotation.ts';
import { directory, gap, judgeTenant, now } from '../build.ts';

const missing = gap('default-app-management-policy');

function judgeRead(defaultAppManagementPolicy: Collection<AppManagementPolicy>) {
  const { subjects, others } = judgeTenant(appManagementPolicyAllowsRotation, {
    directory: directory({ defaultAppManagementPolicy }),
  });
  expect(subjects).toEqual([]);
  return others;
}

function judge(...restrictions: PasswordRestriction[]) {
  return judgeRead(known([{ isEnabled: true, servicePrincipalPasswordRestrictions: restrictions }]));
}

function restriction(type: string, over: Partial<PasswordRestriction> = {}): PasswordRestriction {
  return { type, state: 'enabled', maxLifetime: null, appliesAfter: null, ...over };
}

const additions = ['passwordAddition', 'symmetricKeyAddition', 'customPasswordAddition'];
const lifetimes = ['passwordLifetime', 'symmetricKeyLifetime'];

describe('app-management-policy-allows-rotation: the storage provider can set a password of 366 days', () => {
  it('is compliant when the policy is off, whatever it would restrict', () => {
    const off = known([{ isEnabled: false, servicePrincipalPasswordRestrictions: [restriction('passwordAddition')] }]);
    expect(judgeRead(off)).toMatchObject({
      outcome: 'pass',
      evidence: { isEnabled: false, restrictions: [{ type: 'passwordAddition', appliesAfter: null, outcome: 'warn' }] },
    });
  });

  it('is compliant when the policy is on and restricts no passwords of service principals', () => {
    expect(judge()).toMatchObject({ outcome: 'pass', evidence: { isEnabled: true, restrictions: [] } });
  });

  it.each([...additions, ...lifetimes, 'somethingNew'])('is compliant when %s is off', (type) => {
    expect(judge(restriction(type, { state: 'disabled' })).outcome).toBe('pass');
    expect(judge(restriction(type, { state: 'Disabled' })).outcome).toBe('pass');
  });

  it.each(additions)('warns when %s is on', (type) => {
    const verdict = judge(restriction(type));
    expect(verdict).toMatchObject({ outcome: 'warn', severity: 'medium', deciders: [type], gaps: [] });
    expect(verdict.title).toContain(type);
    expect(verdict.title).toContain('a6aa9161-5291-40bb-8c5c-923b567bee3b');
  });

  it.each([...additions, 'somethingNew'])('takes %s for on when its state is not said', (type) => {
    expect(judge(restriction(type, { state: null })).outcome).toBe(judge(restriction(type)).outcome);
  });

  describe.each(lifetimes)('%s', (type) => {
    it.each(['P366D', 'P365DT24H', 'P53W', 'P1Y1D', 'P13M', 'P11M32D', 'P2Y', 'PT8784H'])(
      'is compliant with %s, which is 366 days or more however it is read',
      (maxLifetime) => {
        expect(judge(restriction(type, { maxLifetime })).outcome).toBe('pass');
      },
    );

    it.each(['P365D', 'P365DT23H59M59S', 'P52W', 'P1Y', 'P12M', 'P11M31D', 'P180D', 'P4DT12H30M5S', 'P0D'])(
      'warns of %s, which is or may be less than 366 days',
      (maxLifetime) => {
        const verdict = judge(restriction(type, { maxLifetime }));
        expect(verdict).toMatchObject({ outcome: 'warn', severity: 'medium', deciders: [type] });
        expect(verdict.title).toContain(maxLifetime);
      },
    );

    it.each([null, '', 'a year', '-P400D', 'P'])('could not be evaluated: the lifetime is ‹%s›', (maxLifetime) => {
      const verdict = judge(restriction(type, { maxLifetime }));
      expect(verdict).toMatchObject({ outcome: 'unknown', severity: 'medium', deciders: [type], gaps: [] });
      expect(verdict.title).toContain(`maxLifetime of ${type} is ${maxLifetime ?? 'not set'}, which is no duration`);
    });
  });

  it('shows from when a restriction applies, which does not change the outcome', () => {
    const later = restriction('passwordAddition', { appliesAfter: now });
    expect(judge(later)).toMatchObject({
      outcome: 'warn',
      evidence: { restrictions: [{ type: 'passwordAddition', appliesAfter: '2026-11-21T12:00:00.000Z' }] },
    });
  });

  it('could not be evaluated: a restriction that is not known here is on', () => {
    const verdict = judge(restriction('somethingNew'));
    expect(verdict).toMatchObject({ outcome: 'unknown', deciders: ['somethingNew'], gaps: [] });
    expect(verdict.title).toContain('‹somethingNew›');
  });

  it('could not be evaluated: a state that is not known here, even of a lifetime that is long enough', () => {
    const audited = restriction('passwordLifetime', { state: 'auditOnly', maxLifetime: 'P400D' });
    expect(judge(audited)).toMatchObject({ outcome: 'unknown', gaps: [] });
    expect(judge(audited).title).toContain('‹auditOnly›');
  });

  it('names every restriction that decides, and no other', () => {
    const verdict = judge(
      restriction('symmetricKeyAddition'),
      restriction('passwordAddition'),
      restriction('passwordLifetime', { maxLifetime: 'P400D' }),
      restriction('symmetricKeyLifetime', { maxLifetime: 'P90D' }),
    );
    expect(verdict.deciders).toEqual(['passwordAddition', 'symmetricKeyAddition', 'symmetricKeyLifetime']);
    expect(verdict.evidence['restrictions']).toHaveLength(4);
    expect(verdict.title).not.toContain('P400D');
  });

  it('is unknown before it warns', () => {
    const verdict = judge(restriction('passwordAddition'), restriction('somethingNew'));
    expect(verdict).toMatchObject({ outcome: 'unknown', deciders: ['somethingNew'] });
  });

  it('could not be evaluated: the policy does not say whether it is on', () => {
    const silent = known([{ isEnabled: null, servicePrincipalPasswordRestrictions: [] }]);
    expect(judgeRead(silent)).toMatchObject({
      outcome: 'unknown',
      severity: 'medium',
      gaps: [],
      evidence: { isEnabled: null, restrictions: [] },
    });
  });

  it('could not be evaluated: no policy in what was read, or not read', () => {
    expect(judgeRead(known([]))).toMatchObject({ outcome: 'unknown', gaps: [] });
    expect(judgeRead(unavailable(missing))).toMatchObject({ outcome: 'unknown', severity: 'medium', gaps: [missing] });
  });

  it('could not be evaluated: not read whole, and what was seen is told all the same', () => {
    const seen = { isEnabled: true, servicePrincipalPasswordRestrictions: [restriction('passwordAddition')] };
    expect(judgeRead(collected([seen], [missing]))).toMatchObject({
      outcome: 'unknown',
      evidence: { restrictions: [{ type: 'passwordAddition', outcome: 'warn' }] },
      deciders: ['passwordAddition'],
      gaps: [missing],
    });
  });

  it('does not depend on the order of restrictions or policies', () => {
    const one = fc.record({
      type: fc.constantFrom(...additions, ...lifetimes, 'somethingNew'),
      state: fc.constantFrom('enabled', 'disabled', 'new', null),
      maxLifetime: fc.constantFrom('P90D', 'P366D', null),
      appliesAfter: fc.constantFrom(null, now),
    });
    const policy = fc.record({
      isEnabled: fc.constantFrom(true, true, false, null),
      servicePrincipalPasswordRestrictions: fc.array(one, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 2 }), (policies) => {
        const turned = policies
          .map((each) => ({
            ...each,
            servicePrincipalPasswordRestrictions: each.servicePrincipalPasswordRestrictions.toReversed(),
          }))
          .toReversed();
        expect(judgeRead(known(turned))).toEqual(judgeRead(known(policies)));
      }),
    );
  });
});
