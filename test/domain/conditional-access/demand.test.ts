import { describe, expect, it } from 'vitest';
import { demandOf } from '../../../domain/conditional-access/demand.ts';
import type { AuthenticationStrength } from '../../../domain/model/conditional-access-policy.ts';
import { controls, guid } from '../build.ts';

function asked(operator: string | null, ...parts: string[]): string {
  const strengths: Readonly<Record<string, string[]>> = { strong: ['fido2'], weak: ['password'], odd: ['telepathy'] };
  const strength = parts.find((part) => part in strengths);
  const authenticationStrength: AuthenticationStrength | null =
    strength === undefined
      ? null
      : {
          id: guid(7),
          displayName: strength,
          policyType: 'custom',
          requirementsSatisfied: null,
          allowedCombinations: strengths[strength] ?? [],
        };
  const demand = demandOf(
    controls({
      operator,
      builtInControls: parts.filter((part) => !(part in strengths) && part !== 'terms' && part !== 'custom'),
      termsOfUse: parts.includes('terms') ? [guid(8)] : [],
      customAuthenticationFactors: parts.includes('custom') ? ['Duo'] : [],
      authenticationStrength,
    }),
  );
  return `${demand.kind} ${String(demand.reason.row)}${demand.mayBlock ? ' may block' : ''}`;
}

describe('what grant controls demand', () => {
  it('is nothing where there are none', () => {
    expect(demandOf(null)).toMatchObject({ kind: 'nothing', mayBlock: false, reason: { row: 24 } });
    expect(demandOf(controls())).toMatchObject({ kind: 'nothing', reason: { row: 24 } });
  });

  it.each(['mfa', 'passwordChange', 'riskRemediation', 'custom', 'strong'])(
    'is MFA for %s, alone or with AND',
    (control) => {
      expect(asked('OR', control)).toBe('mfa 26');
      expect(asked('AND', control)).toBe('mfa 26');
      expect(asked(null, control)).toBe('mfa 26');
      expect(asked('and', control, 'compliantDevice')).toBe('mfa 26');
      expect(asked('or', control, 'compliantDevice')).toBe('mfa-or-device 27');
      expect(asked('OR', control, 'domainJoinedDevice')).toBe('mfa-or-device 27');
      expect(asked('OR', control, 'domainJoinedDevice', 'terms')).toBe('mfa-or-device 27');
      expect(asked('OR', control, 'approvedApplication')).toBe('mfa 28');
      expect(asked('OR', control, 'compliantApplication', 'terms')).toBe('mfa 28');
      expect(asked(null, control, 'compliantDevice')).toBe('undecided 32');
    },
  );

  it.each([
    ['block 25 may block', 'OR', ['block']],
    ['block 25 may block', 'AND', ['Block', 'mfa']],
    ['block 25 may block', null, ['block', 'mfa', 'faceScan']],
    ['device 30', 'OR', ['compliantDevice', 'domainJoinedDevice']],
    ['device 30', 'AND', ['compliantDevice']],
    ['unanswerable 31', 'OR', ['terms']],
    ['unanswerable 31', 'AND', ['approvedApplication', 'compliantDevice']],
    ['unanswerable 31', 'OR', ['compliantApplication', 'compliantDevice']],
    ['nothing 26', 'OR', ['weak']],
    ['nothing 26', 'AND', ['weak']],
    ['nothing 26', 'OR', ['weak', 'mfa', 'faceScan']],
    ['mfa 26', 'AND', ['weak', 'mfa']],
    ['device 30', 'AND', ['weak', 'compliantDevice']],
    ['unanswerable 31', 'AND', ['weak', 'terms']],
    ['undecided 32', null, ['weak', 'mfa']],
    ['undecided 32', 'OR', ['odd']],
    ['undecided 32', 'AND', ['odd', 'compliantDevice']],
    ['undecided 32', 'OR', ['odd', 'mfa']],
    ['mfa 26', 'AND', ['odd', 'mfa']],
    ['undecided 32 may block', 'OR', ['faceScan']],
    ['undecided 32 may block', 'AND', ['faceScan', 'terms']],
    ['undecided 32 may block', 'XOR', ['faceScan', 'mfa']],
    ['undecided 32 may block', 'OR', ['faceScan', 'odd']],
    ['mfa 26', 'AND', ['faceScan', 'mfa']],
  ])('is %s for %s of %j', (expected, operator, parts) => {
    expect(asked(operator, ...parts)).toBe(expected);
  });

  it('names what is not known', () => {
    expect(demandOf(controls({ builtInControls: ['faceScan', 'earScan', 'mfa'] })).reason.words).toBe(
      'unknown control: earscan, facescan',
    );
    expect(demandOf(controls({ operator: null, builtInControls: ['mfa', 'compliantDevice'] })).reason.words).toContain(
      'operator not given',
    );
  });
});
