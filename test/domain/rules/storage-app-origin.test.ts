import { describe, expect, it } from 'vitest';
import { originOf } from '../../../domain/rules/storage-app-origin.ts';
import {
  account,
  accountName,
  application,
  appNames,
  host,
  legacyApplication,
  legacyPrincipal,
  principal,
} from '../build.ts';

describe('who made the storage app', () => {
  it.each([
    ['application and principal', application(), principal()],
    ['the application alone', application(), null],
    ['the principal alone', null, principal()],
    ['the title in another case', null, principal({ displayName: `[STORAGE ACCOUNT] ${host.toUpperCase()}` })],
    ['the principal, whatever the application is called', legacyApplication(), principal()],
    ['the title, whatever the names', null, principal({ servicePrincipalNames: [] })],
  ])('the storage provider, by its title: %s', (_says, app, object) => {
    expect(originOf(account(), app, object)).toBe('managed');
  });

  it.each([
    ['application and principal', legacyApplication(), legacyPrincipal()],
    ['the application alone', legacyApplication(), null],
    ['the principal alone', null, legacyPrincipal()],
    ['the name in another case', null, legacyPrincipal({ displayName: accountName.toUpperCase() })],
    ['the principal, whatever the application carries', application(), legacyPrincipal()],
  ])('a person in the manual preview, by the bare account name without api names: %s', (_says, app, object) => {
    expect(originOf(account(), app, object)).toBe('legacy');
    expect(originOf(account({ name: accountName.toUpperCase() }), app, object)).toBe('legacy');
  });

  it.each([
    ['another title, without api names', null, legacyPrincipal({ displayName: 'Profiles' })],
    ['the title of another account', null, principal({ displayName: `[Storage Account] other.${host}` })],
    ['the bare name with api names', null, legacyPrincipal({ servicePrincipalNames: appNames() })],
    ['api names in capitals', null, legacyPrincipal({ servicePrincipalNames: [`API://TENANT/CIFS/${host}`] })],
    [
      'api names on the application, where there is no principal',
      legacyApplication({ identifierUris: appNames() }),
      null,
    ],
    [
      'api names on the principal, whatever the application',
      legacyApplication(),
      legacyPrincipal({ servicePrincipalNames: appNames() }),
    ],
    ['neither was seen', null, null],
  ])('cannot be told: %s', (_says, app, object) => {
    expect(originOf(account(), app, object)).toBe('undetermined');
  });

  it('cannot be told of an account without a file endpoint', () => {
    expect(originOf(account({ host: null }), legacyApplication(), legacyPrincipal())).toBe('undetermined');
    expect(originOf(account({ host: null }), application(), principal())).toBe('undetermined');
  });
});
