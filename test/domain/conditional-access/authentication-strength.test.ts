import { describe, expect, it } from 'vitest';
import { strengthDemand } from '../../../domain/conditional-access/authentication-strength.ts';
import type { AuthenticationStrength } from '../../../domain/model/conditional-access-policy.ts';
import { guid } from '../build.ts';

const nothing: AuthenticationStrength = {
  id: null,
  displayName: null,
  policyType: null,
  requirementsSatisfied: null,
  allowedCombinations: [],
};

function demand(over: Partial<AuthenticationStrength>) {
  return strengthDemand({ ...nothing, ...over });
}

function allowing(...allowedCombinations: string[]) {
  return demand({ policyType: 'custom', requirementsSatisfied: 'none', allowedCombinations });
}

describe('what an authentication strength asks of a user who signed in with a password', () => {
  it.each([
    '00000000-0000-0000-0000-000000000002',
    '00000000-0000-0000-0000-000000000003',
    '00000000-0000-0000-0000-000000000004',
  ])('is MFA for the built-in strength %s, of which a file may give the id alone', (id) => {
    expect(demand({ id })).toBe('mfa');
  });

  it('cannot be told from any other id alone', () => {
    expect(demand({ id: '00000000-0000-0000-0000-000000000005' })).toBe('undecided');
    expect(demand({ id: guid(7) })).toBe('undecided');
    expect(demand({})).toBe('undecided');
  });

  it.each([
    ['mfa', { policyType: 'builtIn', requirementsSatisfied: 'mfa' }],
    ['mfa', { policyType: 'BuiltIn', requirementsSatisfied: 'MFA', allowedCombinations: ['password'] }],
    ['mfa', { policyType: 'custom', requirementsSatisfied: 'mfa' }],
    ['mfa', { requirementsSatisfied: 'mfa', allowedCombinations: ['telepathy'] }],
    ['undecided', { policyType: 'builtIn', requirementsSatisfied: 'none' }],
    ['undecided', { policyType: 'custom', requirementsSatisfied: 'none', allowedCombinations: ['telepathy'] }],
    ['undecided', { policyType: 'custom', requirementsSatisfied: 'mfa', allowedCombinations: ['fido2', 'sms'] }],
    ['met', { policyType: 'custom', requirementsSatisfied: 'mfa', allowedCombinations: ['password'] }],
  ] as const)('is %s by what it says it satisfies, unless custom combinations say otherwise: %j', (expected, over) => {
    expect(demand(over)).toBe(expected);
  });

  it.each([
    'fido2',
    'windowsHelloForBusiness',
    'deviceBasedPush',
    'x509CertificateMultiFactor',
    'federatedMultiFactor',
    'temporaryAccessPassOneTime',
    'temporaryAccessPassMultiUse',
  ])('is MFA where only %s is allowed, which is two factors by itself', (method) => {
    expect(allowing(method)).toBe('mfa');
    expect(allowing(`${method}, password`)).toBe('mfa');
    expect(allowing(`${method},telepathy`)).toBe('undecided');
  });

  it.each([
    'x509CertificateSingleFactor',
    'sms',
    'voice',
    'hardwareOath',
    'softwareOath',
    'microsoftAuthenticatorPush',
    'email',
    'qrCodePin',
  ])('is undecided where %s alone is enough, and MFA beside a password', (method) => {
    expect(allowing(method)).toBe('undecided');
    expect(allowing('fido2', method)).toBe('undecided');
    expect(allowing(`password,${method}`)).toBe('mfa');
  });

  it.each(['password', 'federatedSingleFactor', ' Password '])(
    'is met by the sign-in itself where %s is enough',
    (method) => {
      expect(allowing(method)).toBe('met');
      expect(allowing('fido2', 'sms', method)).toBe('met');
    },
  );

  it('is undecided by one combination that is empty or not known', () => {
    expect(allowing('fido2', 'telepathy')).toBe('undecided');
    expect(allowing('fido2', '')).toBe('undecided');
    expect(allowing('fido2', ',')).toBe('undecided');
  });
});
