import { describe, expect, it } from 'vitest';
import { parseSecurityDefaults } from '../../../infra/wire/security-defaults.ts';

const policy = {
  '@odata.context':
    'https://graph.microsoft.com/v1.0/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity',
  id: '00000000-0000-0000-0000-000000000005',
  displayName: 'Security Defaults',
  description: 'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
  isEnabled: false,
};

describe('security defaults from the wire', () => {
  it.each([true, false])('are on: %s', (isEnabled) => {
    expect(parseSecurityDefaults({ ...policy, isEnabled })).toEqual({ isEnabled });
  });

  it.each([undefined, null])('say null, not off, when isEnabled is %s', (isEnabled) => {
    expect(parseSecurityDefaults({ ...policy, isEnabled })).toEqual({ isEnabled: null });
  });

  it.each(['true', 1, {}])('are refused when isEnabled is %o', (isEnabled) => {
    expect(() => parseSecurityDefaults({ ...policy, isEnabled })).toThrow('security defaults policy: isEnabled: ');
  });
});
