import { describe, expect, it } from 'vitest';
import { parseAppManagementPolicy } from '../../../infra/wire/app-management-policy.ts';

const addition = {
  restrictionType: 'symmetricKeyAddition',
  state: 'enabled',
  maxLifetime: null,
  restrictForAppsCreatedAfterDateTime: '2021-04-01T10:37:00Z',
};
const lifetime = {
  restrictionType: 'symmetricKeyLifetime',
  state: 'disabled',
  maxLifetime: 'P4DT12H30M5S',
  restrictForAppsCreatedAfterDateTime: '0001-01-01T00:00:00Z',
};

const policy = {
  '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#policies/defaultAppManagementPolicy/$entity',
  id: '00000000-0000-0000-0000-000000000000',
  displayName: 'Default app management tenant policy',
  description: 'Default tenant policy that enforces app management restrictions.',
  isEnabled: true,
  applicationRestrictions: { passwordCredentials: [{ ...addition, restrictionType: 'passwordAddition' }] },
  servicePrincipalRestrictions: { passwordCredentials: [addition, lifetime], keyCredentials: [] },
};

function withRestrictions(passwordCredentials: unknown) {
  return { ...policy, servicePrincipalRestrictions: { passwordCredentials, keyCredentials: [] } };
}

describe('the default app management policy from the wire', () => {
  it('has what restricts passwords of service principals, and nothing of applications', () => {
    expect(parseAppManagementPolicy(policy)).toEqual({
      isEnabled: true,
      servicePrincipalPasswordRestrictions: [
        {
          type: 'symmetricKeyAddition',
          state: 'enabled',
          maxLifetime: null,
          appliesAfter: Date.UTC(2021, 3, 1, 10, 37),
        },
        {
          type: 'symmetricKeyLifetime',
          state: 'disabled',
          maxLifetime: 'P4DT12H30M5S',
          appliesAfter: Date.parse('0001-01-01T00:00:00Z'),
        },
      ],
    });
  });

  it('spells known words as documented and keeps the others', () => {
    const restrictions = [
      { ...addition, restrictionType: 'PasswordAddition', state: 'Enabled' },
      { ...addition, restrictionType: 'passphraseAddition', state: 'audit' },
    ];
    expect(parseAppManagementPolicy(withRestrictions(restrictions)).servicePrincipalPasswordRestrictions).toMatchObject(
      [
        { type: 'passwordAddition', state: 'enabled' },
        { type: 'passphraseAddition', state: 'audit' },
      ],
    );
  });

  it('says null where a restriction leaves something out, as older policies do', () => {
    const bare = withRestrictions([{ restrictionType: 'passwordAddition' }]);
    expect(parseAppManagementPolicy(bare).servicePrincipalPasswordRestrictions).toEqual([
      { type: 'passwordAddition', state: null, maxLifetime: null, appliesAfter: null },
    ]);
  });

  it.each([
    ['an empty list', withRestrictions([])],
    ['a null list', withRestrictions(null)],
    ['null restrictions', { ...policy, servicePrincipalRestrictions: null }],
  ])('restricts nothing with %s', (_says, object) => {
    expect(parseAppManagementPolicy(object).servicePrincipalPasswordRestrictions).toEqual([]);
  });

  it('says null, not off, without isEnabled', () => {
    expect(parseAppManagementPolicy({ ...policy, isEnabled: undefined }).isEnabled).toBeNull();
  });

  it.each([
    ['servicePrincipalRestrictions', { ...policy, servicePrincipalRestrictions: undefined }],
    ['servicePrincipalRestrictions.passwordCredentials', withRestrictions(undefined)],
    ['servicePrincipalRestrictions.passwordCredentials.0.restrictionType', withRestrictions([{ state: 'enabled' }])],
    [
      'servicePrincipalRestrictions.passwordCredentials.0.restrictForAppsCreatedAfterDateTime',
      withRestrictions([{ ...addition, restrictForAppsCreatedAfterDateTime: 'soon' }]),
    ],
  ])('is refused for %s, which must not pass for no restriction', (member, object) => {
    expect(() => parseAppManagementPolicy(object)).toThrow(`default app management policy: ${member}: `);
  });
});
