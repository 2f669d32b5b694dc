import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known, collected, unavailable } from '../../../domain/model/collection.ts';
import type { Application } from '../../../domain/model/directory.ts';
import type { DirectoryFacts } from '../../../domain/model/facts.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { planFor, samePlan } from '../../../domain/remediation/plan-for.ts';
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
  legacyPrincipal,
  now,
  principal,
  principalId,
} from '../build.ts';

const noConsent = { oauth2PermissionGrants: known([]) };

function plan(over: Partial<DirectoryFacts> = {}) {
  return planFor('consent-granted', account(), directory({ ...noConsent, ...over }));
}

describe('The plan that grants consent', () => {
  it('posts one tenant-wide grant, guarded by a read and taken back by a delete', () => {
    expect(plan()).toMatchObject({
      action: 'grant-consent',
      risk: 'safe',
      target: { type: 'servicePrincipal', id: principalId },
      calls: [
        {
          method: 'POST',
          url: '/v1.0/oauth2PermissionGrants',
          body: {
            clientId: principalId,
            consentType: 'AllPrincipals',
            resourceId: graphPrincipalId,
            scope: 'openid profile User.Read',
          },
          permission: 'DelegatedPermissionGrant.ReadWrite.All',
          reads: { expect: { '/value': [] } },
          undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}' },
        },
      ],
    });
    const query = plan()?.calls[0]?.reads.url.split('?')[1];
    expect(new URLSearchParams(query).get('$filter')).toBe(`clientId eq '${principalId}'`);
  });

  it('also serves an app set up by hand', () => {
    expect(plan({ servicePrincipals: known([graphPrincipal(), legacyPrincipal()]) })).not.toBeNull();
  });

  it.each<[string, Partial<DirectoryFacts>]>([
    ['grants were read in part', { oauth2PermissionGrants: collected([], [gap('oauth2-permission-grants')]) }],
    ['grants were not read', { oauth2PermissionGrants: unavailable(gap('oauth2-permission-grants')) }],
    ['applications were read in part', { applications: collected([application()], [gap('applications')]) }],
    [
      'principals were read in part',
      { servicePrincipals: collected([graphPrincipal(), principal()], [gap('service-principals')]) },
    ],
    [
      'two apps claim the account',
      { servicePrincipals: known([graphPrincipal(), principal(), principal({ id: guid(70), appId: guid(71) })]) },
    ],
    [
      'the principal is disabled',
      { servicePrincipals: known([graphPrincipal(), principal({ accountEnabled: false })]) },
    ],
    [
      'Microsoft disabled the principal',
      {
        servicePrincipals: known([
          graphPrincipal(),
          principal({ disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' }),
        ]),
      },
    ],
    ['there is no principal', { servicePrincipals: known([graphPrincipal()]) }],
    ['Microsoft Graph has no principal here', { servicePrincipals: known([principal()]) }],
    ['there is a grant already', { oauth2PermissionGrants: known([grant({ scopes: ['openid'] })]) }],
    ['a person has consented', { oauth2PermissionGrants: known([grant({ consentType: 'Principal' })]) }],
    [
      'only the name points to the app',
      {
        applications: known([application({ identifierUris: [] })]),
        servicePrincipals: known([graphPrincipal(), principal({ servicePrincipalNames: [] })]),
      },
    ],
    ['applications were not read', { applications: unavailable(gap('applications')) }],
    ['principals were not read', { servicePrincipals: unavailable(gap('service-principals')) }],
  ])('is none where %s', (_, over) => {
    expect(plan(over)).toBeNull();
  });

  it.each<[string, Partial<Application>]>([
    ['has an owner', { ownerIds: [guid(80)] }],
    ['has a redirect URI', { redirectUris: ['https://example.com/back'] }],
    ['carries a name of something else', { identifierUris: [...appNames(), 'https://contoso.com/app'] }],
    ['was made before its account', { createdAt: now - 500 * day }],
  ])('is none where the app may be an impostor: it %s', (_, over) => {
    expect(plan({ applications: known([application(over)]) })).toBeNull();
  });

  it('is none where the principal carries a name of something else', () => {
    const odd = principal({ servicePrincipalNames: [...appNames(), 'CIFS/other.file.core.windows.net'] });
    expect(plan({ servicePrincipals: known([graphPrincipal(), odd]) })).toBeNull();
  });

  it.each<[string, Partial<StorageAccount>]>([
    ['no longer uses Entra Kerberos', { directoryService: 'AD' }],
    ['belongs to another tenant', { tenantId: guid(99) }],
    ['holds no SMB shares', { kind: 'BlobStorage' }],
  ])('is none for an account that %s', (_, over) => {
    expect(planFor('consent-granted', account(over), directory(noConsent))).toBeNull();
  });

  it('is none for a rule that a person has to mend', () => {
    expect(planFor('mfa-excluded', account(), directory(noConsent))).toBeNull();
  });
});

describe('Two plans', () => {
  it('are the same when made from the same facts in another order, and after a way through JSON', () => {
    const other = plan({ servicePrincipals: known([principal(), graphPrincipal()]) });
    const [a, b] = [plan(), other];
    if (a === null || b === null) throw new Error('There is no plan');

    expect(samePlan(a, b)).toBe(true);
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
    const call = a?.calls[0];
    if (a === null || call === undefined) throw new Error('There is no plan');

    for (const calls of [
      [],
      [call, call],
      [{ ...call, body: { ...call.body, scope: 'openid profile User.Read Mail.Read' } }],
      [{ ...call, url: '/v1.0/servicePrincipals' }],
      [{ ...call, reads: { ...call.reads, expect: {} } }],
    ]) {
      expect(samePlan(a, { ...a, calls })).toBe(false);
    }
    expect(samePlan(a, { ...a, target: { ...a.target, id: guid(99) } })).toBe(false);
  });
});
