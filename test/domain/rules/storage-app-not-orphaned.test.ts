import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, itemsOf, known, unavailable } from '../../../domain/model/collection.ts';
import type { Application, ServicePrincipal } from '../../../domain/model/directory.ts';
import { orphanCandidates } from '../../../domain/rules/orphan-candidates.ts';
import type { AccountNames, TenantContext } from '../../../domain/rules/rule.ts';
import { storageAppNotOrphaned } from '../../../domain/rules/storage-app-not-orphaned.ts';
import {
  account,
  accountName,
  appId,
  application,
  directory,
  gap,
  graphPrincipal,
  guid,
  host,
  judgeTenant,
  legacyApplication,
  legacyPrincipal,
  principal,
  principalId,
} from '../build.ts';

const noAccounts = known([]);
/** Both lists an app may be in, and the accounts it may be of. */
const readFrom = ['applications', 'service-principals', 'storage-accounts'];
const allFree: AccountNames = () => 'free';
const twoNames = ['one', 'two'].map((name) => `CIFS/${name}.file.core.windows.net`);

/** The principal of the app of another account. */
function principalOf(number: number, name: string, over: Partial<ServicePrincipal> = {}): ServicePrincipal {
  return principal({
    id: guid(0x1000 + number),
    appId: guid(0x2000 + number),
    displayName: `[Storage Account] ${name}.file.core.windows.net`,
    servicePrincipalNames: [guid(0x2000 + number), `CIFS/${name}.file.core.windows.net`],
    ...over,
  });
}

function tenantOf(principals: readonly ServicePrincipal[], applications: readonly Application[] = []) {
  return directory({ applications: known(applications), servicePrincipals: known(principals) });
}

function judge(over: Partial<TenantContext> = {}) {
  return judgeTenant(storageAppNotOrphaned, over);
}

describe('storage-app-not-orphaned: every storage app stands for an account that exists', () => {
  it('is compliant when the account was seen, whatever its name is said to be', () => {
    for (const accountNames of [allFree, () => null, () => 'taken' as const]) {
      expect(judge({ accountNames })).toMatchObject({ subjects: [], others: { outcome: 'pass', severity: 'medium' } });
    }
  });

  it('is compliant when there is no storage app', () => {
    const other = graphPrincipal();
    const unrelated = application({ displayName: accountName, identifierUris: ['api://contoso', `https://${host}`] });
    expect(
      judge({ directory: tenantOf([other], [unrelated]), storageAccounts: noAccounts, accountNames: allFree }),
    ).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
  });

  it('is compliant when the app names only the private link host of an account that was seen', () => {
    const link = principal({
      displayName: 'renamed',
      servicePrincipalNames: [`CIFS/${accountName.toUpperCase()}.privatelink.file.core.windows.net`],
    });
    expect(judge({ directory: tenantOf([link]), accountNames: allFree })).toMatchObject({
      subjects: [],
      others: { outcome: 'pass' },
    });
  });

  it('knows an account by its host or by its name', () => {
    for (const seen of [account({ name: 'Renamed' }), account({ host: null, name: accountName.toUpperCase() })]) {
      expect(judge({ storageAccounts: known([seen]), accountNames: allFree }).subjects).toEqual([]);
    }
    const neither = known([account({ host: null, name: 'another' })]);
    expect(judge({ storageAccounts: neither, accountNames: allFree }).subjects).toHaveLength(1);
  });

  it('is compliant when one of several hosts of an app is of an account that was seen', () => {
    const both = principal({ servicePrincipalNames: [`CIFS/${host}`, 'CIFS/former.file.core.windows.net'] });
    expect(judge({ directory: tenantOf([both]), accountNames: allFree })).toMatchObject({
      subjects: [],
      others: { outcome: 'pass' },
    });
  });

  it('is not compliant when the name of an account that was not seen is free', () => {
    const { subjects, others } = judge({ storageAccounts: noAccounts, accountNames: allFree });
    expect(subjects).toMatchObject([
      {
        subject: appId,
        verdict: {
          outcome: 'fail',
          severity: 'medium',
          deciders: [appId],
          evidence: {
            appId,
            displayName: `[Storage Account] ${host}`,
            applicationId: application().id,
            servicePrincipalId: principalId,
            hosts: [host],
            accountNames: [accountName],
            nameAvailability: [{ name: accountName, answer: 'free' }],
            readFrom,
          },
        },
      },
    ]);
    expect(subjects[0]?.verdict.title).toContain(host);
    expect(others).toMatchObject({ outcome: 'pass', evidence: { readFrom } });
    expect(others.title).not.toBe(storageAppNotOrphaned.statement);
    expect(judge().others.title).toBe(storageAppNotOrphaned.statement);
  });

  it.each([
    ['an application without a principal', tenantOf([], [application()])],
    ['a principal without an application', tenantOf([principal()])],
    ['a legacy app', tenantOf([legacyPrincipal()], [legacyApplication()])],
    ['an app with nothing but its title', tenantOf([principal({ servicePrincipalNames: [appId] })])],
    ['an application with nothing but its URIs', tenantOf([], [application({ displayName: 'renamed' })])],
  ])('is not compliant: %s', (_says, left) => {
    const { subjects } = judge({ directory: left, storageAccounts: noAccounts, accountNames: allFree });
    expect(subjects).toMatchObject([{ subject: appId, verdict: { outcome: 'fail' } }]);
    const { servicePrincipals, applications } = left.facts;
    const [object] = [...itemsOf(servicePrincipals), ...itemsOf(applications)];
    expect(subjects[0]?.verdict.evidence).toMatchObject({
      displayName: object?.displayName,
      applicationId: itemsOf(applications)[0]?.id ?? null,
      servicePrincipalId: itemsOf(servicePrincipals)[0]?.id ?? null,
    });
  });

  it('names the application of an orphan though only the principal claims the host', () => {
    const renamed = application({ displayName: 'renamed', identifierUris: [] });
    const left = tenantOf([principal()], [renamed]);
    const { subjects } = judge({ directory: left, storageAccounts: noAccounts, accountNames: allFree });
    expect(subjects[0]?.verdict.evidence).toMatchObject({ applicationId: renamed.id, servicePrincipalId: principalId });
  });

  it('proves by a free name, though the accounts were not read', () => {
    const missing = gap('storage-accounts');
    for (const storageAccounts of [unavailable<never>(missing), collected<never>([], [missing])]) {
      expect(judge({ storageAccounts, accountNames: allFree })).toMatchObject({
        subjects: [{ subject: appId, verdict: { outcome: 'fail', gaps: [] } }],
        others: { outcome: 'pass' },
      });
    }
  });

  it.each([
    ['taken', []],
    [null, ['Microsoft.Storage/checknameavailability/read']],
  ] as const)('could not be evaluated: not seen, and the name is %s', (answer, needed) => {
    const { subjects, others } = judge({ storageAccounts: noAccounts, accountNames: () => answer });
    expect(subjects).toEqual([]);
    expect(others).toMatchObject({
      outcome: 'unknown',
      severity: 'medium',
      deciders: [appId],
      evidence: { apps: [{ appId, hosts: [host], nameAvailability: [{ name: accountName, answer }] }] },
    });
    expect(others.gaps.map(({ needs }) => needs)).toEqual(needed);
    expect(others.title).toContain(`‹[Storage Account] ${host}›`);
  });

  it('could not be evaluated: the accounts were not read, or not whole', () => {
    const missing = gap('storage-accounts');
    for (const storageAccounts of [unavailable<never>(missing), collected<never>([], [missing])]) {
      expect(judge({ storageAccounts })).toMatchObject({
        subjects: [],
        others: { outcome: 'unknown', gaps: [missing] },
      });
    }
  });

  it('is compliant with accounts that were not read whole, when the account is among them', () => {
    const storageAccounts = collected([account()], [gap('storage-accounts')]);
    expect(judge({ storageAccounts })).toMatchObject({ subjects: [], others: { outcome: 'pass' } });
  });

  it('is not told by one free name of two', () => {
    const two = principal({ servicePrincipalNames: [`CIFS/${host}`, 'CIFS/former.file.core.windows.net'] });
    const { subjects, others } = judge({
      directory: tenantOf([two]),
      storageAccounts: noAccounts,
      accountNames: (name) => (name === 'former' ? 'free' : 'taken'),
    });
    expect(subjects).toEqual([]);
    expect(others).toMatchObject({
      outcome: 'unknown',
      evidence: {
        apps: [
          {
            nameAvailability: [
              { name: accountName, answer: 'taken' },
              { name: 'former', answer: 'free' },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ['one app of two accounts', [principalOf(1, 'one', { displayName: 'Both', servicePrincipalNames: twoNames })]],
    ['two apps', [principalOf(1, 'one'), principalOf(2, 'two')]],
  ])('asks for the permission to ask, where one name of several was not asked for: %s', (_says, principals) => {
    const { others } = judge({
      directory: tenantOf(principals),
      storageAccounts: noAccounts,
      accountNames: (name) => (name === 'one' ? 'taken' : null),
    });
    expect(others.gaps).toEqual([
      {
        collection: 'storage-accounts',
        scope: 'tenant',
        reason: 'not-visible',
        needs: 'Microsoft.Storage/checknameavailability/read',
      },
    ]);
  });

  it('tells an app that a list holds twice by the first of its ids and names', () => {
    const twice = [
      principal({ id: guid(0x11), displayName: 'A' }),
      principal({ id: guid(0x10), displayName: 'C' }),
      principal({ id: guid(0x10), displayName: 'B' }),
    ];
    for (const principals of [twice, twice.toReversed()]) {
      const { subjects } = judge({
        directory: tenantOf(principals),
        storageAccounts: noAccounts,
        accountNames: allFree,
      });
      expect(subjects[0]?.verdict.evidence).toMatchObject({ servicePrincipalId: guid(0x10), displayName: 'B' });
    }
  });

  it('names several orphans, and those that cannot be told together', () => {
    const { subjects, others } = judge({
      directory: tenantOf([3, 1, 4, 2].map((number) => principalOf(number, `account${number}`))),
      accountNames: (name) => (name === 'account1' || name === 'account3' ? 'free' : null),
    });
    expect(subjects.map(({ subject }) => subject).sort()).toEqual([guid(0x2001), guid(0x2003)]);
    expect(others).toMatchObject({
      outcome: 'unknown',
      deciders: [guid(0x2002), guid(0x2004)],
      evidence: { apps: [{ appId: guid(0x2002) }, { appId: guid(0x2004) }] },
    });
    expect(others.title).toContain('2 storage apps');
  });

  it.each(['applications', 'service-principals'] as const)(
    'names the orphans it saw, and leaves the others open, when %s were not read or not whole',
    (name) => {
      const missing = gap(name);
      const seen = { applications: known([application()]), servicePrincipals: known([principal()]) };
      const key = name === 'applications' ? name : 'servicePrincipals';
      for (const list of [unavailable<never>(missing), collected<never>([], [missing])]) {
        const half = directory({ ...seen, [key]: list });
        expect(judge({ directory: half, storageAccounts: noAccounts, accountNames: allFree })).toMatchObject({
          subjects: [{ subject: appId, verdict: { outcome: 'fail', gaps: [] } }],
          others: { outcome: 'unknown', severity: 'medium', gaps: [missing], evidence: { apps: [], readFrom } },
        });
        expect(judge({ directory: half })).toMatchObject({
          subjects: [],
          others: { outcome: 'unknown', gaps: [missing] },
        });
      }
    },
  );

  it('names every gap that stands in the way', () => {
    const gaps = [gap('applications'), gap('service-principals'), gap('storage-accounts')] as const;
    const half = directory({
      applications: unavailable(gaps[0]),
      servicePrincipals: collected([principal()], [gaps[1]]),
    });
    expect(judge({ directory: half, storageAccounts: unavailable(gaps[2]) }).others).toMatchObject({
      outcome: 'unknown',
      gaps,
    });
  });

  it('does not depend on the order of apps, names or accounts', () => {
    const hosts = fc.uniqueArray(fc.constantFrom('one', 'two', 'three', accountName), { minLength: 1 });
    const apps = fc.array(
      fc.record({
        number: fc.nat(3),
        id: fc.nat(3),
        title: fc.constantFrom('A', 'B'),
        hosts,
        isPrincipal: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    const answers: AccountNames = (name) => (name === 'one' ? 'free' : name === 'two' ? 'taken' : null);
    const build = (
      some: readonly { number: number; id: number; title: string; hosts: string[]; isPrincipal: boolean }[],
    ) => {
      const objects = some.map((one) => {
        const names = one.hosts.map((name) => `CIFS/${name}.file.core.windows.net`);
        const own = { id: guid(0x10 + one.id), appId: guid(0x20 + one.number), displayName: one.title };
        return one.isPrincipal
          ? principal({ ...own, servicePrincipalNames: names })
          : application({ ...own, identifierUris: names });
      });
      return tenantOf(
        objects.filter((object) => 'servicePrincipalNames' in object),
        objects.filter((object) => 'identifierUris' in object),
      );
    };
    fc.assert(
      fc.property(apps, (some) => {
        const turned = some.map((one) => ({ ...one, hosts: one.hosts.toReversed() })).toReversed();
        expect(judge({ directory: build(turned), accountNames: answers })).toEqual(
          judge({ directory: build(some), accountNames: answers }),
        );
      }),
    );
  });
});

describe('the account names to ask for', () => {
  it('are none when every storage app is of an account that was seen', () => {
    expect(orphanCandidates(directory(), known([account()]))).toEqual([]);
  });

  it('are those of accounts that were not seen, lower case, sorted, once each', () => {
    const principals = [
      principal(),
      principalOf(1, 'ZULU'),
      principalOf(2, 'alpha'),
      principalOf(3, 'zulu', { displayName: 'zulu' }),
      graphPrincipal(),
    ];
    expect(orphanCandidates(tenantOf(principals), known([account()]))).toEqual(['alpha', 'zulu']);
  });

  it('are those of every storage app when the accounts were not read', () => {
    expect(orphanCandidates(directory(), unavailable(gap('storage-accounts')))).toEqual([accountName]);
  });
});
