import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import { findStorageApp } from '../../../domain/rules/storage-app.ts';
import {
  account,
  application,
  directory,
  gap,
  guid,
  host,
  legacyApplication,
  legacyPrincipal,
  principal,
  tenantId,
} from '../build.ts';

const elsewhere = { displayName: 'Renamed', identifierUris: [], servicePrincipalNames: [] };
const principalsUnread = { servicePrincipals: unavailable<never>(gap('service-principals')) };

describe('finding the storage app', () => {
  it.each([
    ['a bare name', `cifs/${host}`],
    ['an api name of the tenant', `api://${tenantId}/HTTP/${host}`],
    ['a name in other case', `HOST/${host.toUpperCase()}`],
  ])('finds it by SPN: %s', (_says, name) => {
    const search = findStorageApp(
      account(),
      directory({
        servicePrincipals: known([principal({ ...elsewhere, servicePrincipalNames: [name] })]),
        applications: known([]),
      }),
    );
    expect(search).toMatchObject({
      state: 'found',
      tier: 'servicePrincipalName',
      confidence: 'high',
      doubt: [],
      hiding: [],
    });
  });

  it('does not take the names of another tenant or another host', () => {
    const names = [`api://${guid(77)}/CIFS/${host}`, 'CIFS/other.file.core.windows.net'];
    const facts = {
      servicePrincipals: known([principal({ ...elsewhere, servicePrincipalNames: names })]),
      applications: known([application({ ...elsewhere, identifierUris: names })]),
    };
    expect(findStorageApp(account(), directory(facts))).toEqual({ state: 'absent' });
  });

  it('uses the host of the file endpoint, not the account name', () => {
    const zoned = 'contosoprofiles.z01.file.storage.azure.net';
    const facts = { servicePrincipals: known([principal({ ...elsewhere, servicePrincipalNames: [`CIFS/${zoned}`] })]) };
    expect(findStorageApp(account({ host: zoned }), directory(facts)).state).toBe('found');
  });

  it('goes on to identifierUris, then to display names', () => {
    const servicePrincipals = known([principal({ ...elsewhere })]);
    const byUri = findStorageApp(account(), directory({ servicePrincipals }));
    expect(byUri).toMatchObject({ state: 'found', tier: 'identifierUri', confidence: 'high' });

    const applications = known([application({ identifierUris: [] })]);
    const byTitle = findStorageApp(account(), directory({ servicePrincipals, applications }));
    expect(byTitle).toMatchObject({ state: 'found', tier: 'displayName', confidence: 'low' });
  });

  it('lets the first tier that matches decide', () => {
    const other = application({ id: guid(51), appId: guid(50) });
    expect(findStorageApp(account(), directory({ applications: known([application(), other]) }))).toMatchObject({
      candidates: [{ appId: principal().appId }],
    });
  });

  it('names every match of that tier, whatever order the lists came in', () => {
    const other = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });
    const one = findStorageApp(account(), directory({ servicePrincipals: known([principal(), other]) }));
    expect(one).toMatchObject({ candidates: [{ appId: principal().appId }, { appId: guid(50) }] });
    expect(findStorageApp(account(), directory({ servicePrincipals: known([other, principal()]) }))).toEqual(one);
  });

  it.each([
    ['enabled', principal()],
    ['disabled', principal({ accountEnabled: false })],
    ['disabled', principal({ disabledByMicrosoftStatus: 'DisabledDueToViolationOfServicesAgreement' })],
    ['enabled', principal({ disabledByMicrosoftStatus: 'NotDisabled' })],
    ['unclear', principal({ accountEnabled: null })],
  ] as const)('says that a principal is %s', (state, object) => {
    expect(findStorageApp(account(), directory({ servicePrincipals: known([object]) }))).toMatchObject({
      candidates: [{ principal: { state } }],
    });
  });

  it('proves that the principal is missing, and that there is no app, only from lists read whole', () => {
    const none = { servicePrincipals: known<never>([]), applications: known<never>([]) };
    expect(findStorageApp(account(), directory(none))).toEqual({ state: 'absent' });
    expect(findStorageApp(account(), directory({ ...none, ...principalsUnread }))).toMatchObject({ state: 'unknown' });
    expect(
      findStorageApp(account(), directory({ ...none, applications: collected<never>([], [gap('applications')]) })),
    ).toEqual({ state: 'unknown', gaps: [gap('applications')] });

    const alone = { servicePrincipals: known<never>([]) };
    expect(findStorageApp(account(), directory(alone))).toMatchObject({
      candidates: [{ principal: { state: 'missing' } }],
    });
    expect(findStorageApp(account(), directory(principalsUnread))).toMatchObject({
      candidates: [{ principal: { state: 'unread' } }],
      doubt: [gap('service-principals')],
    });
  });

  it('cannot look for an account without a file endpoint', () => {
    expect(findStorageApp(account({ host: null }), directory())).toEqual({ state: 'no-host' });
  });
});

describe('who made the app', () => {
  it.each([
    ['managed', application(), principal()],
    ['legacy', legacyApplication(), legacyPrincipal()],
    ['undetermined', application({ displayName: 'Profiles' }), principal({ displayName: 'Profiles' })],
    ['undetermined', application(), principal({ displayName: 'Profiles' })],
    ['undetermined', application({ displayName: account().name }), principal({ displayName: account().name })],
  ] as const)('%s', (origin, app, object) => {
    const facts = { applications: known([app]), servicePrincipals: known([object]) };
    expect(findStorageApp(account(), directory(facts))).toMatchObject({ candidates: [{ origin }] });
  });
});
