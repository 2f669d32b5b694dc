import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../../infra/wire/application.ts';
import { parseOAuth2PermissionGrant } from '../../../infra/wire/oauth2-permission-grant.ts';
import { parseServicePrincipal } from '../../../infra/wire/service-principal.ts';

const application = {
  '@odata.type': '#microsoft.graph.application',
  id: 'AAAA0000-0000-4000-8000-000000000001',
  appId: 'BBBB0000-0000-4000-8000-000000000001',
  displayName: '[Storage Account] contosoprofiles.file.core.windows.net',
  identifierUris: ['CIFS/contosoprofiles.file.core.windows.net'],
  tags: ['kdc_enable_cloud_group_sids'],
  requiredResourceAccess: [],
};

const principal = {
  id: 'CCCC0000-0000-4000-8000-000000000001',
  appId: application.appId,
  displayName: application.displayName,
  accountEnabled: true,
  appRoleAssignmentRequired: false,
  servicePrincipalNames: [application.appId, ...application.identifierUris],
  tags: [],
  passwordCredentials: [
    {
      keyId: 'k1',
      startDateTime: '2026-01-01T00:00:00.1234567Z',
      endDateTime: '2027-01-01T00:00:00Z',
      secretText: null,
    },
    { keyId: 'k2', startDateTime: null, endDateTime: null },
  ],
};

describe('an application from the wire', () => {
  it('has its ids in lower case and its URIs as written', () => {
    expect(parseApplication(application)).toEqual({
      id: application.id.toLowerCase(),
      appId: application.appId.toLowerCase(),
      displayName: application.displayName,
      identifierUris: application.identifierUris,
      tags: application.tags,
      passwordCredentials: null,
      keyCredentials: null,
      createdAt: null,
      ownerIds: null,
      redirectUris: null,
    });
  });

  it('tells credentials that were not read from an empty list', () => {
    expect(parseApplication({ ...application, passwordCredentials: [] }).passwordCredentials).toEqual([]);
  });

  it('has its creation in milliseconds, seven fraction digits included', () => {
    expect(parseApplication({ ...application, createdDateTime: '2026-01-15T09:11:22.1234567Z' }).createdAt).toBe(
      Date.UTC(2026, 0, 15, 9, 11, 22, 123),
    );
    expect(parseApplication({ ...application, createdDateTime: null }).createdAt).toBeNull();
    expect(() => parseApplication({ ...application, createdDateTime: 'lately' })).toThrow(
      'application: createdDateTime: is not a time',
    );
  });

  it('tells owners that were not read from none, and has their ids in lower case', () => {
    const owner = {
      '@odata.type': '#microsoft.graph.user',
      id: 'EEEE0000-0000-4000-8000-000000000001',
      displayName: 'A',
    };
    expect(parseApplication({ ...application, owners: [] }).ownerIds).toEqual([]);
    expect(parseApplication({ ...application, owners: null }).ownerIds).toBeNull();
    expect(parseApplication({ ...application, owners: [owner] }).ownerIds).toEqual([owner.id.toLowerCase()]);
  });

  describe('with redirect URIs', () => {
    const none = { web: { redirectUris: [] }, spa: { redirectUris: [] }, publicClient: { redirectUris: [] } };
    const redirectUris = (platforms: object) => parseApplication({ ...application, ...platforms }).redirectUris;

    it('has those of all platforms together', () => {
      const all = {
        web: { homePageUrl: null, redirectUris: ['https://web.example/'] },
        spa: { redirectUris: ['https://spa.example/'] },
        publicClient: { redirectUris: ['http://localhost'] },
      };
      expect(redirectUris(all)).toEqual(['https://web.example/', 'https://spa.example/', 'http://localhost']);
    });

    it('has none when every platform was read, or is null', () => {
      expect(redirectUris(none)).toEqual([]);
      expect(redirectUris({ ...none, spa: null })).toEqual([]);
    });

    it.each([{ web: undefined }, { spa: undefined }, { publicClient: {} }])(
      'does not pass for none when a platform was not read: %o',
      (over) => {
        expect(redirectUris({ ...none, ...over })).toBeNull();
      },
    );

    it('has those that were seen, though a platform was not read', () => {
      expect(redirectUris({ web: { redirectUris: ['https://web.example/'] } })).toEqual(['https://web.example/']);
    });
  });

  it('is refused without identifierUris, which must not pass for none', () => {
    expect(() => parseApplication({ ...application, identifierUris: undefined })).toThrow('identifierUris');
  });
});

describe('a service principal from the wire', () => {
  it('tells owners and keys that were not read from none', () => {
    const key = { keyId: 'k3', type: 'AsymmetricX509Cert', usage: 'Verify', key: null, endDateTime: null };
    const owner = { '@odata.type': '#microsoft.graph.user', id: 'EEEE0000-0000-4000-8000-000000000001' };

    expect(parseServicePrincipal(principal)).toMatchObject({ ownerIds: null, keyCredentials: null });
    expect(parseServicePrincipal({ ...principal, owners: [], keyCredentials: [] })).toMatchObject({
      ownerIds: [],
      keyCredentials: [],
    });
    expect(parseServicePrincipal({ ...principal, owners: [owner], keyCredentials: [key] })).toMatchObject({
      ownerIds: [owner.id.toLowerCase()],
      keyCredentials: [{ keyId: 'k3', startsAt: null, endsAt: null }],
    });
  });

  it('has credential times in milliseconds, seven fraction digits included, and null where Graph has null', () => {
    expect(parseServicePrincipal(principal).passwordCredentials).toEqual([
      { keyId: 'k1', startsAt: Date.UTC(2026, 0, 1, 0, 0, 0, 123), endsAt: Date.UTC(2027, 0, 1) },
      { keyId: 'k2', startsAt: null, endsAt: null },
    ]);
  });

  it('is refused when a credential ends at no time', () => {
    const credentials = [{ keyId: 'k1', endDateTime: 'next year' }];

    expect(() => parseServicePrincipal({ ...principal, passwordCredentials: credentials })).toThrow(
      'passwordCredentials.0.endDateTime: is not a time',
    );
  });

  it.each([
    ['a text that holds a number', 'expires 2030'],
    ['a day that the month does not have', '2027-02-29T00:00:00Z'],
    ['a day of June that is not there', '2026-06-31T00:00:00Z'],
    ['a time in local style', '12/31/2027'],
    ['a time without its zone', '2027-12-31T00:00:00'],
    ['no time', ''],
    ['a number', 1893456000],
  ])('is refused when a credential ends at %s', (_says, endDateTime) => {
    const credentials = [{ keyId: 'k1', endDateTime }];

    expect(() => parseServicePrincipal({ ...principal, passwordCredentials: credentials })).toThrow(
      'passwordCredentials.0.endDateTime: is not a time',
    );
  });

  it('reads a leap day, and a time of another zone', () => {
    const credentials = [
      { keyId: 'k1', startDateTime: '2028-02-29T00:00:00Z', endDateTime: '2028-03-01T00:30:00.1234567+01:00' },
    ];

    expect(parseServicePrincipal({ ...principal, passwordCredentials: credentials }).passwordCredentials).toEqual([
      { keyId: 'k1', startsAt: Date.UTC(2028, 1, 29), endsAt: Date.UTC(2028, 1, 29, 23, 30, 0, 123) },
    ]);
  });

  it.each([
    [undefined, null],
    [null, null],
    ['NotDisabled', null],
    ['DisabledDueToViolationOfServicesAgreement', 'DisabledDueToViolationOfServicesAgreement'],
  ])('reads disabledByMicrosoftStatus %s as %s', (disabledByMicrosoftStatus, expected) => {
    expect(parseServicePrincipal({ ...principal, disabledByMicrosoftStatus }).disabledByMicrosoftStatus).toBe(expected);
  });

  it('says null for flags that were not read', () => {
    const unread = { ...principal, accountEnabled: undefined, appRoleAssignmentRequired: undefined };

    expect(parseServicePrincipal(unread)).toMatchObject({ accountEnabled: null, appRoleAssignmentRequired: null });
  });
});

describe('an oauth2 permission grant from the wire', () => {
  const grant = {
    clientId: 'CCCC0000-0000-4000-8000-000000000001',
    consentType: 'AllPrincipals',
    id: 'l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk',
    principalId: null,
    resourceId: 'DDDD0000-0000-4000-8000-000000000001',
    scope: ' openid  profile\tUser.Read ',
  };

  it('splits scopes on white space, a leading blank too, and keeps the case of its own id', () => {
    expect(parseOAuth2PermissionGrant(grant)).toEqual({
      id: grant.id,
      clientId: grant.clientId.toLowerCase(),
      consentType: 'AllPrincipals',
      resourceId: grant.resourceId.toLowerCase(),
      scopes: ['openid', 'profile', 'User.Read'],
      scopeAsRead: grant.scope,
    });
    expect(parseOAuth2PermissionGrant({ ...grant, scope: null })).toMatchObject({ scopes: [], scopeAsRead: null });
  });

  it('is refused without its scopes, which must not pass for none', () => {
    expect(() => parseOAuth2PermissionGrant({ ...grant, scope: undefined })).toThrow('scope');
    expect(() => parseOAuth2PermissionGrant({ ...grant, scope: ['openid'] })).toThrow('scope');
  });

  it('keeps a consent type it does not know', () => {
    expect(parseOAuth2PermissionGrant({ ...grant, consentType: 'SomePrincipals', scope: null })).toMatchObject({
      consentType: 'SomePrincipals',
      scopes: [],
    });
  });
});
