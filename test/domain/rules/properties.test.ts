import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { evaluateAccount } from '../../../domain/rules/index.ts';
import { mfaExcluded } from '../../../domain/rules/mfa-excluded.ts';
import { compareVerdicts } from '../../../domain/rules/verdicts.ts';
import {
  appId,
  application,
  applications,
  controls,
  directory,
  grant,
  graphPrincipal,
  guid,
  host,
  judge,
  password,
  policy,
  principal,
  situation,
  users,
} from '../build.ts';

const resource = fc.constantFrom(
  'All',
  'None',
  'Office365',
  'SomethingNew',
  '00000002-0000-0000-c000-000000000000',
  appId,
  guid(99),
);

const anyPolicy: fc.Arbitrary<ConditionalAccessPolicy> = fc
  .record({
    id: fc.integer({ min: 0x100, max: 0x1ff }).map(guid),
    displayName: fc.constantFrom('One', 'Two', 'Three'),
    state: fc.constantFrom('enabled', 'enabled', 'enabledForReportingButNotEnforced', 'disabled', 'new'),
    applications: fc
      .record({
        include: fc.uniqueArray(resource, { maxLength: 3 }),
        exclude: fc.uniqueArray(fc.constantFrom(guid(98), 'Office365', 'SomethingNew', appId), { maxLength: 2 }),
        filter: fc.constantFrom(null, null, { mode: 'exclude', rule: 'x' }),
      })
      .map(applications),
    users: fc
      .record({
        includeUsers: fc.uniqueArray(fc.constantFrom('All', 'None', 'GuestsOrExternalUsers', guid(5)), {
          maxLength: 2,
        }),
        includeGroups: fc.uniqueArray(fc.constant(guid(6)), { maxLength: 1 }),
        includeRoles: fc.uniqueArray(fc.constant(guid(7)), { maxLength: 1 }),
      })
      .map(users),
    clientAppTypes: fc.uniqueArray(fc.constantFrom('browser', 'mobileAppsAndDesktopClients', 'other', 'fridge'), {
      maxLength: 2,
    }),
    signInRiskLevels: fc.uniqueArray(fc.constantFrom('high', 'low'), { maxLength: 1 }),
    unreadConditions: fc.uniqueArray(fc.constant('times'), { maxLength: 1 }),
    grantControls: fc.option(
      fc
        .record({
          operator: fc.constantFrom('AND', 'OR', null),
          builtInControls: fc.uniqueArray(
            fc.constantFrom('mfa', 'block', 'compliantDevice', 'approvedApplication', 'new'),
            { maxLength: 2 },
          ),
        })
        .map(controls),
    ),
  })
  .map(policy);

const somePolicies = fc.uniqueArray(anyPolicy, { maxLength: 6, selector: ({ id }) => id });

function mfaVerdict(policies: readonly ConditionalAccessPolicy[]): Verdict {
  return judge(mfaExcluded, { directory: directory({ conditionalAccessPolicies: known(policies) }) });
}

describe('verdicts', () => {
  it('do not depend on the order of policies, of what they list, of grants, passwords, applications and principals', () => {
    const passwords = [
      password(5),
      password(200, 190, guid(71)),
      password(-3, 30, guid(72)),
      password(40, 39, guid(73)),
    ];
    const rival = principal({ id: guid(51), appId: guid(50), servicePrincipalNames: [`CIFS/${host}`] });
    const grants = [
      grant({ scopes: ['openid'] }),
      grant({ id: 'grant-2', scopes: ['profile'] }),
      grant({ id: 'grant-3', clientId: guid(51) }),
    ];
    const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    const input = somePolicies.chain((policies) =>
      fc.record({
        straight: fc.constant(policies),
        policies: shuffled(policies),
        passwords: shuffled(passwords),
        grants: shuffled(grants),
        rivals: fc.boolean(),
        backwards: fc.boolean(),
      }),
    );
    const verdicts = (
      policies: readonly ConditionalAccessPolicy[],
      passwordCredentials: readonly ReturnType<typeof password>[],
      oauth2PermissionGrants: readonly ReturnType<typeof grant>[],
      rivals: boolean,
      backwards: boolean,
    ) => {
      const principals = [graphPrincipal(), principal({ passwordCredentials }), ...(rivals ? [rival] : [])];
      const apps = [application(), application({ id: guid(52), appId: guid(50) })];
      const facts = {
        applications: known(backwards ? apps.toReversed() : apps),
        servicePrincipals: known(backwards ? principals.toReversed() : principals),
        oauth2PermissionGrants: known(oauth2PermissionGrants),
        conditionalAccessPolicies: known(policies),
      };
      return evaluateAccount(situation({ directory: directory(facts) })).map((one) => one.verdict);
    };
    fc.assert(
      fc.property(input, (one) => {
        const turned = one.policies.map((each) => ({
          ...each,
          applications: {
            ...each.applications,
            include: each.applications.include.toReversed(),
            exclude: each.applications.exclude.toReversed(),
          },
          clientAppTypes: each.clientAppTypes.toReversed(),
        }));
        expect(verdicts(turned, one.passwords, one.grants, one.rivals, one.backwards)).toEqual(
          verdicts(one.straight, passwords, grants, one.rivals, false),
        );
      }),
    );
  });

  it('never get worse when a policy excludes one more app', () => {
    const added = fc.constantFrom(appId, guid(97), appId.toUpperCase());
    fc.assert(
      fc.property(fc.array(anyPolicy, { minLength: 1, maxLength: 4 }), added, ([first, ...rest], app) => {
        if (first === undefined) return;
        const exclude = [...first.applications.exclude, app];
        const relaxed = { ...first, applications: { ...first.applications, exclude } };
        expect(compareVerdicts(mfaVerdict([relaxed, ...rest]), mfaVerdict([first, ...rest]))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('never get better when a policy is added', () => {
    fc.assert(
      fc.property(somePolicies, anyPolicy, (policies, added) => {
        expect(compareVerdicts(mfaVerdict([...policies, added]), mfaVerdict(policies))).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('pass only where each policy alone passes', () => {
    fc.assert(
      fc.property(somePolicies, (policies) => {
        const alone = policies.every((each) => mfaVerdict([each]).outcome === 'pass');
        expect(mfaVerdict(policies).outcome === 'pass').toBe(alone);
      }),
    );
  });
});
