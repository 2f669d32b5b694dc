import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { Application } from '../../../domain/model/directory.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { planConsent } from '../../../domain/remediation/plan-consent.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import {
  account,
  application,
  appNames,
  day,
  directory,
  gap,
  grant,
  graphPrincipal,
  graphPrincipalId,
  guid,
  legacyApplication,
  legacyPrincipal,
  now,
  principal,
  principalId,
} from '../build.ts';
import { callOf, planOf, taskOf, whyNone } from './planned.ts';

const noConsent = { oauth2PermissionGrants: known([]) };

function plan(over: Partial<DirectoryFacts> = {}, about: Partial<StorageAccount> = {}): Planned {
  return planConsent({ account: account(about), directory: directory({ ...noConsent, ...over }) });
}

describe('The plan that grants consent', () => {
  it('posts one tenant-wide grant, guarded by a read and taken back by a delete', () => {
    const grantBody = {
      clientId: principalId,
      consentType: 'AllPrincipals',
      resourceId: graphPrincipalId,
      scope: 'openid profile User.Read',
    };

    expect(planOf(plan())).toMatchObject({
      action: 'grant-consent',
      risk: 'safe',
      target: { type: 'servicePrincipal', id: principalId },
    });
    expect(callOf(plan())).toMatchObject({
      method: 'POST',
      url: '/v1.0/oauth2PermissionGrants',
      body: grantBody,
      permission: 'DelegatedPermissionGrant.ReadWrite.All',
      reads: { expect: { '/value': [] } },
      undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
      before: null,
      after: grantBody,
    });
    const query = callOf(plan()).reads.url.split('?')[1];
    expect(new URLSearchParams(query).get('$filter')).toBe(`clientId eq '${principalId}'`);
  });

  it('also serves an app set up by hand', () => {
    const legacy = {
      applications: known([legacyApplication()]),
      servicePrincipals: known([graphPrincipal(), legacyPrincipal()]),
    };
    expect(planOf(plan(legacy)).action).toBe('grant-consent');
  });

  it.each<[string, Partial<DirectoryFacts>, RegExp]>([
    ['grants were read in part', { oauth2PermissionGrants: collected([], [gap('oauth2-permission-grants')]) }, /whole/],
    ['grants were not read', { oauth2PermissionGrants: unavailable(gap('oauth2-permission-grants')) }, /whole/],
    ['applications were read in part', { applications: collected([application()], [gap('applications')]) }, /whole/],
    ['applications were not read', { applications: unavailable(gap('applications')) }, /whole/],
    [
      'principals were read in part',
      { servicePrincipals: collected([graphPrincipal(), principal()], [gap('service-principals')]) },
      /whole/,
    ],
    ['principals were not read', { servicePrincipals: unavailable(gap('service-principals')) }, /whole/],
    ['there is no principal', { servicePrincipals: known([graphPrincipal()]) }, /one sound app/],
    ['Microsoft Graph has no principal here', { servicePrincipals: known([principal()]) }, /Microsoft Graph/],
    [
      'whether the principal is enabled was not read',
      { servicePrincipals: known([graphPrincipal(), principal({ accountEnabled: null })]) },
      /enabled/,
    ],
    ['owners were not read', { applications: known([application({ ownerIds: null })]) }, /owners/],
    [
      'owners of the principal were not read',
      { servicePrincipals: known([graphPrincipal(), principal({ ownerIds: null })]) },
      /owners/,
    ],
    ...(['passwordCredentials', 'keyCredentials', 'redirectUris', 'createdAt'] as const).map(
      (name): [string, Partial<DirectoryFacts>, RegExp] => [
        `${name} of the application was not read`,
        { applications: known([application({ [name]: null })]) },
        /Not read of the app/,
      ],
    ),
    [
      'keys of the principal were not read',
      { servicePrincipals: known([graphPrincipal(), principal({ keyCredentials: null })]) },
      /keyCredentials/,
    ],
    [
      'the tenant that made the app was not read',
      { servicePrincipals: known([graphPrincipal(), principal({ ownerTenantId: null })]) },
      /appOwnerOrganizationId/,
    ],
  ])('is none where %s, and says so', (_, over, why) => {
    expect(whyNone(plan(over))).toMatch(why);
  });

  it.each<[string, Partial<DirectoryFacts>, string]>([
    [
      'two apps claim the account',
      { servicePrincipals: known([graphPrincipal(), principal(), principal({ id: guid(70), appId: guid(71) })]) },
      'ambiguous-app',
    ],
    [
      'the principal is disabled',
      { servicePrincipals: known([graphPrincipal(), principal({ accountEnabled: false })]) },
      'disabled-principal',
    ],
    [
      'Microsoft disabled the principal',
      {
        servicePrincipals: known([
          graphPrincipal(),
          principal({ disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' }),
        ]),
      },
      'disabled-principal',
    ],
    ['the application is gone', { applications: known([]) }, 'recreate-app'],
    [
      'there is a grant already',
      { oauth2PermissionGrants: known([grant({ scopes: ['openid'], resourceId: guid(5) })]) },
      'consent-by-hand',
    ],
    [
      'a person has consented',
      { oauth2PermissionGrants: known([grant({ consentType: 'Principal' })]) },
      'consent-by-hand',
    ],
    [
      'only the name points to the app',
      {
        applications: known([application({ identifierUris: [] })]),
        servicePrincipals: known([graphPrincipal(), principal({ servicePrincipalNames: [] })]),
      },
      'ambiguous-app',
    ],
    [
      'the principal carries a name of something else',
      {
        servicePrincipals: known([
          graphPrincipal(),
          principal({ servicePrincipalNames: [...appNames(), 'CIFS/other.file.core.windows.net'] }),
        ]),
      },
      'ambiguous-app',
    ],
  ])('is a task for a person where %s', (_, over, runbook) => {
    expect(taskOf(plan(over)).runbook).toBe(runbook);
  });

  it.each<[string, Partial<Application>]>([
    ['has an owner', { ownerIds: [guid(80)] }],
    ['has a redirect URI', { redirectUris: ['https://example.com/back'] }],
    ['carries a name of something else', { identifierUris: [...appNames(), 'https://contoso.com/app'] }],
    ['was made before its account', { createdAt: now - 500 * day }],
  ])('is a task for a person where the app may be an impostor: it %s', (_, over) => {
    expect(taskOf(plan({ applications: known([application(over)]) })).runbook).toBe('ambiguous-app');
  });

  it.each<[string, Partial<StorageAccount>]>([
    ['no longer uses Entra Kerberos', { directoryService: 'AD' }],
    ['belongs to another tenant', { tenantId: guid(99) }],
    ['holds no SMB shares', { kind: 'BlobStorage' }],
  ])('is none for an account that %s', (_, over) => {
    expect(plan({}, over).kind).toBe('none');
  });
});
