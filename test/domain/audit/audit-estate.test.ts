import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditEstate } from '../../../domain/audit/audit-estate.ts';
import { collected, itemsOf, known, unavailable } from '../../../domain/model/collection.ts';
import type { ServicePrincipal } from '../../../domain/model/directory.ts';
import type { EstateFacts } from '../../../domain/model/facts.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import {
  applications,
  controls,
  fileService,
  gap,
  guid,
  now,
  password,
  policy,
  resources,
  settings,
} from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';

const names = ['zulu', 'alfa', 'mike', 'kilo'];
/** kilo has no app; alfa and zulu no consent; mike a password that ends in 50 days and a second app. */
function estate(over: Partial<EstateFacts> = {}): EstateFacts {
  const directory = directoryOf(['zulu', 'alfa', 'mike'], ['mike']);
  const [mike] = itemsOf(directory.servicePrincipals).filter(({ displayName }) => displayName.includes('mike'));
  const others = itemsOf(directory.servicePrincipals).filter((one) => one !== mike);
  const twins = [0x51, 0x52].flatMap((number): ServicePrincipal[] =>
    mike === undefined ? [] : [{ ...mike, id: guid(number), appId: guid(number), passwordCredentials: [password(50)] }],
  );
  const accounts = [
    ...names.map((name) => kerberosAccount(name)),
    { ...kerberosAccount('blobs'), kind: 'BlobStorage', directoryService: 'None' },
    kerberosAccount('outside', 3),
  ];
  return {
    storageAccounts: known(accounts),
    fileServices: known(accounts.map(({ key }) => fileService({ accountKey: key }))),
    resources: resources().facts,
    directory: {
      ...directory,
      servicePrincipals: known([...others, ...twins]),
      conditionalAccessPolicies: known([
        policy({ id: guid(0x61), applications: applications({ include: [guid(0x2000), guid(0x2001)] }) }),
        policy({
          id: guid(0x62),
          applications: applications({ include: [guid(0x2001), guid(0x2000)] }),
          state: 'enabledForReportingButNotEnforced',
        }),
        policy({ id: guid(0x63), grantControls: controls({ builtInControls: ['block'] }), state: 'disabled' }),
      ]),
    },
    ...over,
  };
}

const inScope: Settings = settings({
  scope: { managementGroups: [], subscriptions: [], exclude: [{ subscription: guid(3) }] },
});

function audit(facts: EstateFacts, all = false) {
  return auditEstate(facts, inScope, now, all, () => 'taken');
}

describe('Auditing an estate', () => {
  it('lists the worst first, then by account and rule', () => {
    const { results } = audit(estate());

    const severities = ['critical', 'high', 'medium', 'low'];
    const order = results.map(({ id, verdict }) => `${String(severities.indexOf(verdict.severity))} ${id}`);
    expect(order).toEqual(order.toSorted());
    expect(results.slice(0, 3).map(({ id }) => id)).toEqual([
      'alfa/consent-granted',
      'alfa/mfa-excluded',
      'kilo/storage-app-present',
    ]);
    expect(results.every(({ verdict }) => ['fail', 'warn', 'unknown'].includes(verdict.outcome))).toBe(true);
  });

  it('counts every verdict, listed or not', () => {
    const listed = audit(estate());
    const all = audit(estate(), true);

    expect(all.verdicts).toEqual(listed.verdicts);
    expect(all.results).toHaveLength(Object.values(all.verdicts).reduce((sum, count) => sum + count, 0));
    expect(listed.results.length).toBeLessThan(all.results.length);
    // What has to be looked at comes first, whatever the severity that the rest carries.
    expect(all.results.slice(0, listed.results.length)).toEqual(listed.results);
  });

  it('counts the accounts seen, and those selected that can hold SMB shares', () => {
    expect(audit(estate()).accounts).toEqual({ seen: 6, inScope: 4 });
    expect(audit(estate(), true).results.some(({ account }) => account?.name === 'outside')).toBe(false);
  });

  it('names the gaps of what the rules need, sorted, and never calls an estate empty that was not read', () => {
    const directory = { ...estate().directory, applications: unavailable<never>(gap('applications')) };
    const storageAccounts = collected(
      [kerberosAccount('alfa')],
      ['/subscriptions/b', '/subscriptions/a'].map((scope) => ({ ...gap('storage-accounts'), scope })),
    );

    const { gaps } = audit(estate({ storageAccounts, directory }));

    expect(gaps.map(({ collection, scope }) => [collection, scope])).toEqual([
      ['applications', 'tenant'],
      ['storage-accounts', '/subscriptions/a'],
      ['storage-accounts', '/subscriptions/b'],
    ]);
  });

  it.each([false, true])('names, once each, the lists of another tenant that an account needs (all: %s)', (all) => {
    const foreign = { ...kerberosAccount('alfa'), tenantId: guid(0x99) };

    const { gaps, verdicts } = audit(estate({ storageAccounts: known([foreign, kerberosAccount('mike')]) }), all);

    expect(verdicts.unknown).toBeGreaterThan(1);
    expect(gaps).toEqual(
      [
        'applications',
        'conditional-access-policies',
        'oauth2-permission-grants',
        'security-defaults',
        'service-principals',
      ].map((collection) => ({ collection, scope: foreign.key, reason: 'not-visible', needs: null })),
    );
  });

  it('leaves out the gaps of what only rules need that are switched off', () => {
    const conditionalAccessPolicies = unavailable<never>(gap('conditional-access-policies'));
    const facts = estate({ directory: { ...estate().directory, conditionalAccessPolicies } });

    expect(audit(facts).gaps).toEqual([gap('conditional-access-policies')]);
    expect(auditEstate(facts, { ...inScope, rules: onlyRules('consent-granted') }, now, false).gaps).toEqual([]);
  });

  it('says the same in whatever order the lists come', () => {
    const facts = estate();
    const { directory } = facts;
    const wanted = JSON.stringify(shown(facts));
    fc.assert(
      fc.property(
        shuffled(itemsOf(facts.storageAccounts)),
        shuffled(itemsOf(directory.applications)),
        shuffled(itemsOf(directory.servicePrincipals)),
        shuffled(itemsOf(directory.oauth2PermissionGrants)),
        shuffled(itemsOf(directory.conditionalAccessPolicies)),
        (accounts, apps, servicePrincipals, grants, policies) => {
          const mixed: EstateFacts = {
            ...facts,
            storageAccounts: known(accounts),
            directory: {
              ...directory,
              applications: known(apps),
              servicePrincipals: known(servicePrincipals),
              oauth2PermissionGrants: known(grants),
              conditionalAccessPolicies: known(policies),
            },
          };
          expect(JSON.stringify(shown(mixed))).toBe(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function shown(facts: EstateFacts): unknown {
  const { results, ...counts } = audit(facts, true);
  return { ...counts, results: results.map(({ id, account, verdict }) => ({ id, key: account?.key, verdict })) };
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}
