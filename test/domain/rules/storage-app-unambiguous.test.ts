import { describe, expect, it } from 'vitest';
import { collected, known, unavailable } from '../../../domain/model/collection.ts';
import type { Application, ServicePrincipal } from '../../../domain/model/directory.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';
import { storageAppUnambiguous } from '../../../domain/rules/storage-app-unambiguous.ts';
import {
  account,
  accountName,
  appId,
  application,
  appNames,
  day,
  directory,
  gap,
  guid,
  host,
  judge,
  legacyApplication,
  legacyPrincipal,
  now,
  password,
  principal,
  tenantId,
} from '../build.ts';

const other = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });

const bySpn = { host, foundBy: 'servicePrincipalName', confidence: 'high' };
const seen = { appId, displayName: principal().displayName, origin: 'managed', servicePrincipalId: principal().id };

describe('storage-app-unambiguous: exactly one app claims the account, and nothing hints at an impostor', () => {
  it('is compliant with one', () => {
    expect(judge(storageAppUnambiguous)).toMatchObject({
      outcome: 'pass',
      deciders: [appId],
      evidence: { ...bySpn, apps: [seen] },
    });
  });

  it('is not compliant with two, though there may be more', () => {
    const verdict = {
      outcome: 'fail',
      severity: 'high',
      deciders: [appId, guid(50)].sort(),
      evidence: { ...bySpn, apps: [seen, { ...seen, appId: guid(50), servicePrincipalId: guid(51) }] },
    };
    const two = { servicePrincipals: known([principal(), other]) };
    const twoOfMore = { servicePrincipals: collected([principal(), other], [gap('service-principals')]) };
    expect(judge(storageAppUnambiguous, { directory: directory(two) })).toMatchObject(verdict);
    expect(judge(storageAppUnambiguous, { directory: directory(twoOfMore) })).toMatchObject(verdict);
  });

  it('does not apply without an app, to an application without principal, or to other sources', () => {
    const none = directory({ applications: known([]), servicePrincipals: known([]) });
    const orphan = directory({ servicePrincipals: known([]) });
    expect(judge(storageAppUnambiguous, { directory: none }).outcome).toBe('not-applicable');
    expect(judge(storageAppUnambiguous, { directory: orphan })).toMatchObject({
      outcome: 'not-applicable',
      evidence: { host, foundBy: 'identifierUri', apps: [{ ...seen, servicePrincipalId: null }] },
    });
    expect(judge(storageAppUnambiguous, { account: account({ directoryService: 'AD' }) }).outcome).toBe(
      'not-applicable',
    );
  });

  it('could not be evaluated: one seen in a list that was read in part', () => {
    const partial = directory({ servicePrincipals: collected([principal()], [gap('service-principals')]) });
    expect(judge(storageAppUnambiguous, { directory: partial })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
    });
  });
});

interface Given {
  readonly application?: Partial<Application>;
  readonly principal?: Partial<ServicePrincipal>;
  readonly account?: Partial<StorageAccount>;
}

function oneApp(given: Given) {
  return judge(storageAppUnambiguous, {
    account: account(given.account),
    directory: directory({
      applications: known([application(given.application)]),
      servicePrincipals: known([principal(given.principal)]),
    }),
  });
}

const privateHost = `${accountName}.privatelink.file.core.windows.net`;
const made = account().createdAt ?? 0;
const unnamed = { servicePrincipalNames: [appId] };

describe('what hints at an impostor', () => {
  it.each<[string, Given, string]>([
    ['an owner', { application: { ownerIds: [guid(80)] } }, 'owners'],
    ['an owner of the principal alone', { principal: { ownerIds: [guid(80)] } }, 'owners'],
    ['a password of the application', { application: { passwordCredentials: [password(10)] } }, 'credentials'],
    ['one that has ended', { application: { passwordCredentials: [password(-10)] } }, 'credentials'],
    ['a certificate of the application', { application: { keyCredentials: [password(10)] } }, 'credentials'],
    ['a certificate of the principal', { principal: { keyCredentials: [password(10)] } }, 'credentials'],
    ['a redirect URI', { application: { redirectUris: ['https://example.com/back'] } }, 'redirect-uris'],
    [
      'an identifier URI of something else',
      { application: { identifierUris: [...appNames(), 'https://contoso.com/app'] } },
      'unexpected-uris',
    ],
    [
      'a service principal name of another host',
      { principal: { servicePrincipalNames: [...appNames(), 'CIFS/other.file.core.windows.net'] } },
      'unexpected-uris',
    ],
    [
      'a name of another tenant',
      { principal: { servicePrincipalNames: [...appNames(), `api://${guid(77)}/CIFS/${host}`] } },
      'unexpected-uris',
    ],
    ['the id of another app', { application: { identifierUris: [`api://${guid(78)}`] } }, 'unexpected-uris'],
    ['made before the account', { application: { createdAt: made - 1 } }, 'older-than-account'],
    ['a principal of an application in another tenant', { principal: { ownerTenantId: guid(0x99) } }, 'foreign-tenant'],
    ['names on the application alone', { principal: unnamed }, 'not-by-spn'],
    ['nothing but its display name', { principal: unnamed, application: { identifierUris: [] } }, 'not-by-spn'],
  ])('%s: a warning, and nothing is repaired automatically', (_says, given, reason) => {
    const verdict = oneApp(given);
    expect(verdict).toMatchObject({
      outcome: 'warn',
      severity: 'medium',
      deciders: [appId],
      evidence: { doubts: [{ reason }] },
    });
    expect(verdict.title).toContain('nothing is repaired automatically');
    expect(storageAppUnambiguous.remediation.action).toBeNull();
  });

  it.each<[string, Given]>([
    [
      'the privatelink names, in any spelling',
      {
        application: { identifierUris: [...appNames(), `cifs/${privateHost}`] },
        principal: {
          servicePrincipalNames: [
            ...appNames(),
            `HTTP/${privateHost.toUpperCase()}`,
            `api://${tenantId}/HOST/${privateHost}`,
          ],
        },
      },
    ],
    [
      "the app's own id",
      { principal: { servicePrincipalNames: [appId.toUpperCase(), `api://${appId}`, ...appNames()] } },
    ],
    [
      'names of the host in lower case',
      { application: { identifierUris: appNames().map((name) => name.toLowerCase()) } },
    ],
    ["the principal's own password", { principal: { passwordCredentials: [password(300), password(20)] } }],
    ['an app made in the same instant as the account', { application: { createdAt: made } }],
  ])('but not %s', (_says, given) => {
    expect(oneApp(given)).toMatchObject({ outcome: 'pass', evidence: { doubts: [] } });
  });

  it('nor an app of the manual preview as such', () => {
    const legacy = directory({
      applications: known([legacyApplication()]),
      servicePrincipals: known([legacyPrincipal()]),
    });
    expect(judge(storageAppUnambiguous, { directory: legacy }).outcome).toBe('pass');
  });

  it('several at once: all in evidence, the gravest in the title', () => {
    const all = oneApp({
      application: {
        createdAt: made - day,
        ownerIds: [guid(82), guid(81)],
        passwordCredentials: [{ keyId: guid(92), startsAt: null, endsAt: null }],
        keyCredentials: [{ keyId: guid(91), startsAt: made, endsAt: now }],
        redirectUris: ['https://b.example', 'https://a.example', 'https://a.example'],
        identifierUris: ['https://contoso.com/app', ...appNames()],
      },
      principal: { ...unnamed, ownerIds: [guid(82), guid(83)] },
    });
    expect(all).toMatchObject({
      evidence: {
        doubts: [
          {
            reason: 'credentials',
            credentials: [
              {
                keyId: guid(91),
                startDateTime: new Date(made).toISOString(),
                endDateTime: new Date(now).toISOString(),
              },
              { keyId: guid(92), startDateTime: null, endDateTime: null },
            ],
          },
          { reason: 'not-by-spn', foundBy: 'identifierUri' },
          {
            reason: 'older-than-account',
            createdDateTime: new Date(made - day).toISOString(),
            creationTime: new Date(made).toISOString(),
          },
          { reason: 'owners', ownerIds: [guid(81), guid(82), guid(83)] },
          { reason: 'redirect-uris', redirectUris: ['https://a.example', 'https://b.example'] },
          { reason: 'unexpected-uris', uris: ['https://contoso.com/app'] },
        ],
      },
    });
    expect(all.title).toContain('has owners');
    const older = { createdAt: made - day };
    expect(oneApp({ application: { ...older, redirectUris: ['https://a.example'] } }).title).toContain('redirect URIs');
    expect(oneApp({ application: { ...older, identifierUris: ['x:y'] } }).title).toContain('names that are not');
    expect(oneApp({ application: older, principal: unnamed }).title).toContain('made before');
  });

  it('nothing that was not in what was read: the evidence names it, and the outcome stays', () => {
    const silent = {
      createdAt: null,
      ownerIds: null,
      redirectUris: null,
      passwordCredentials: null,
      keyCredentials: null,
    };
    expect(oneApp({ application: silent })).toMatchObject({
      outcome: 'pass',
      evidence: { notRead: ['createdDateTime', 'keyCredentials', 'owners', 'passwordCredentials', 'redirectUris'] },
    });
    expect(oneApp({ principal: { ownerIds: null, keyCredentials: null } })).toMatchObject({
      outcome: 'pass',
      evidence: { notRead: ['keyCredentials', 'owners'] },
    });
    expect(oneApp({ principal: { ownerIds: null }, application: { ownerIds: [guid(80)] } }).outcome).toBe('warn');
    expect(oneApp({ account: { createdAt: null }, application: { createdAt: now } })).toMatchObject({
      outcome: 'pass',
      evidence: { notRead: ['creationTime'] },
    });
    expect(oneApp({ application: { ...silent, identifierUris: ['x:y'] } }).outcome).toBe('warn');
    expect(oneApp({})).toMatchObject({ evidence: { notRead: [] } });
  });

  it('is not looked for among several: two apps fail, whatever they look like', () => {
    const two = directory({
      applications: known([application({ ownerIds: [guid(80)] })]),
      servicePrincipals: known([principal(), other]),
    });
    expect(judge(storageAppUnambiguous, { directory: two })).toMatchObject({ outcome: 'fail', severity: 'high' });
  });
});

describe('what hides a rival', () => {
  const twins = [application(), application({ id: guid(51), appId: guid(50) })];

  it('principals that were not read: two apps by their URIs may both have to give way to one by its SPN', () => {
    const servicePrincipals = unavailable<never>(gap('service-principals'));
    const read = directory({ applications: known(twins), servicePrincipals });
    expect(judge(storageAppUnambiguous, { directory: read })).toMatchObject({
      outcome: 'unknown',
      deciders: [appId, guid(50)].sort(),
      gaps: [gap('service-principals')],
    });
  });

  it('principals that were not read: an app by its URIs is in doubt for that, and for nothing else', () => {
    const read = directory({ servicePrincipals: unavailable(gap('service-principals')) });
    expect(judge(storageAppUnambiguous, { directory: read })).toMatchObject({
      outcome: 'unknown',
      evidence: { doubts: [{ reason: 'not-by-spn' }] },
    });
  });

  it('nothing, where principals were read whole: two apps by their URIs are two', () => {
    const servicePrincipals = known<ServicePrincipal>([]);
    const read = directory({ applications: collected(twins, [gap('applications')]), servicePrincipals });
    expect(judge(storageAppUnambiguous, { directory: read }).outcome).toBe('fail');
  });

  it('applications that were not read whole, though the one that was seen has no principal', () => {
    const applications = collected([application()], [gap('applications')]);
    const read = directory({ applications, servicePrincipals: known([]) });
    expect(judge(storageAppUnambiguous, { directory: read })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('applications')],
    });
  });
});

describe('what hides an impostor', () => {
  const odd = principal({ servicePrincipalNames: [...appNames(), 'CIFS/other.file.core.windows.net'] });
  const applicationsUnread = unavailable<never>(gap('applications'));

  it('an application that was not read, where its names say nothing', () => {
    for (const applications of [applicationsUnread, collected<Application>([], [gap('applications')])]) {
      expect(
        judge(storageAppUnambiguous, {
          directory: directory({ applications, servicePrincipals: known([principal()]) }),
        }),
      ).toMatchObject({ outcome: 'unknown', severity: 'high', gaps: [gap('applications')] });
    }
  });

  it('nothing, where the application was seen in part of the list', () => {
    const applications = collected([application()], [gap('applications')]);
    expect(
      judge(storageAppUnambiguous, { directory: directory({ applications, servicePrincipals: known([principal()]) }) })
        .outcome,
    ).toBe('pass');
  });

  it('nothing, where the names of the principal say enough', () => {
    const read = directory({ applications: applicationsUnread, servicePrincipals: known([odd]) });
    expect(judge(storageAppUnambiguous, { directory: read })).toMatchObject({ outcome: 'warn', gaps: [] });
  });

  it('principals that were not read whole: a second app would be worse', () => {
    const read = directory({ servicePrincipals: collected([odd], [gap('service-principals')]) });
    expect(judge(storageAppUnambiguous, { directory: read })).toMatchObject({
      outcome: 'unknown',
      gaps: [gap('service-principals')],
      evidence: { doubts: [{ reason: 'unexpected-uris' }] },
    });
  });
});
