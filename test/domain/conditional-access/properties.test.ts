import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterVerdict, compileFilter } from '../../../domain/conditional-access/application-filter.ts';
import { known } from '../../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { conditionalAccessNotBlocking } from '../../../domain/rules/conditional-access-not-blocking.ts';
import { mfaExcluded } from '../../../domain/rules/mfa-excluded.ts';
import { compareVerdicts } from '../../../domain/rules/verdicts.ts';
import { parseConditionalAccessPolicy } from '../../../infra/wire/conditional-access-policy.ts';
import { appId, directory, guid, judge, principal } from '../build.ts';

const rules = [mfaExcluded, conditionalAccessNotBlocking] as const;
const attributes = { Storage: { Kerberos: ['yes', 'team'], Tier: 'gold' } };

function some<T>(...values: T[]) {
  return fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
}

const filterRule = fc.constantFrom(
  'CustomSecurityAttribute.Storage_Kerberos -contains "yes"',
  'CustomSecurityAttribute.Storage_Tier -ne "gold"',
  'CustomSecurityAttribute.Storage_Tier -eq "GOLD"',
  'not a rule',
);

/** A policy as Graph writes one, with what decides something drawn often. */
const wirePolicy = fc.record({
  id: fc.integer({ min: 0x100, max: 0xfff }).map(guid),
  displayName: fc.constantFrom('One', 'Two', 'Microsoft-managed: Three', ''),
  templateId: fc.constantFrom(null, guid(9)),
  state: fc.constantFrom('enabled', 'Enabled', 'enabledForReportingButNotEnforced', 'disabled', 'new'),
  conditions: fc.record({
    applications: fc.record({
      includeApplications: some(
        'All',
        'None',
        'Office365',
        'SomethingNew',
        '00000002-0000-0000-c000-000000000000',
        appId,
        guid(99),
      ),
      excludeApplications: some(guid(98), 'Office365', 'SomethingNew', appId),
      includeUserActions: fc.constantFrom([], [], ['urn:user:registerdevice']),
      applicationFilter: fc.option(fc.record({ mode: fc.constantFrom('include', 'Exclude', 'new'), rule: filterRule })),
    }),
    users: fc.record({
      includeUsers: some('All', 'None', 'GuestsOrExternalUsers', guid(5)),
      includeGroups: some(guid(6), guid(7)),
      includeRoles: some(guid(8)),
    }),
    clientAppTypes: some('browser', 'mobileAppsAndDesktopClients', 'other', 'fridge'),
    platforms: fc.option(
      fc.record({
        includePlatforms: some('windows', 'macOS', 'linux', 'all'),
        excludePlatforms: some('windows', 'macOS', 'fridge'),
      }),
    ),
    devices: fc.option(
      fc.record({
        deviceFilter: fc.record({
          mode: fc.constantFrom('include', 'exclude'),
          rule: fc.constantFrom('device.trustType -ne "Workplace"', 'device.isCompliant -eq True', 'x'),
        }),
      }),
    ),
    signInRiskLevels: some('high', 'low', 'extreme'),
  }),
  grantControls: fc.option(
    fc.record({
      operator: fc.constantFrom('AND', 'OR', 'XOR', null),
      builtInControls: some('mfa', 'block', 'compliantDevice', 'approvedApplication', 'new'),
    }),
  ),
  sessionControls: fc.constantFrom(null, { signInFrequency: { isEnabled: true, frequencyInterval: 'everyTime' } }),
});

const anyPolicy = wirePolicy.map(parseConditionalAccessPolicy);
const somePolicies = fc.uniqueArray(anyPolicy, { maxLength: 4, selector: ({ id }) => id });
const anyAttributes = fc.constantFrom(null, {}, attributes);

function verdictsOf(
  policies: readonly ConditionalAccessPolicy[],
  securityAttributes: ReturnType<typeof principal>['securityAttributes'] = attributes,
): readonly Verdict[] {
  const facts = {
    servicePrincipals: known([principal({ securityAttributes })]),
    conditionalAccessPolicies: known(policies),
  };
  return rules.map((rule) => judge(rule, { directory: directory(facts) }));
}

/** Negative for each rule whose verdict in `a` is the worse. */
function compared(a: readonly Verdict[], b: readonly Verdict[]): number[] {
  return a.map((one, index) => compareVerdicts(one, b[index] ?? one));
}

describe('verdicts on Conditional Access', () => {
  it('never get worse when a policy excludes one more app', () => {
    const added = fc.constantFrom(appId, appId.toUpperCase(), guid(97));
    fc.assert(
      fc.property(anyPolicy, somePolicies, added, anyAttributes, (first, rest, app, read) => {
        const exclude = [...first.applications.exclude, app];
        const relaxed = { ...first, applications: { ...first.applications, exclude } };
        for (const sign of compared(verdictsOf([relaxed, ...rest], read), verdictsOf([first, ...rest], read))) {
          expect(sign).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('never get better when a policy is added', () => {
    fc.assert(
      fc.property(somePolicies, anyPolicy, anyAttributes, (policies, added, read) => {
        for (const sign of compared(verdictsOf([...policies, added], read), verdictsOf(policies, read))) {
          expect(sign).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('do not depend on the order of policies, nor of anything that a policy lists', () => {
    const wires = fc.uniqueArray(wirePolicy, { maxLength: 4, selector: ({ id }) => id });
    const shuffled = wires.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([straight, turned]) => {
        expect(verdictsOf(turned.map(reversedLists).map(parseConditionalAccessPolicy))).toEqual(
          verdictsOf(straight.map(parseConditionalAccessPolicy)),
        );
      }),
    );
  });

  /**
   * What a member means that we do not know is not known, so where it could matter, that is beside members that narrow or
   * widen a policy, a pass or a fail may become unknown; and never one the other.
   */
  it('never turn from pass to fail or back by an unknown member of a policy', () => {
    const place = fc.constantFrom<readonly string[]>(
      [],
      ['conditions'],
      ['conditions', 'applications'],
      ['conditions', 'users'],
      ['conditions', 'platforms'],
      ['conditions', 'devices'],
      ['grantControls'],
      ['sessionControls'],
    );
    const value = fc.constantFrom<unknown>('x', ['x'], { '@odata.type': '#x', y: 1 }, true, false, 0);
    fc.assert(
      fc.property(wirePolicy, place, value, (wire, path, unknownValue) => {
        const [before, after] = [wire, withMember(wire, path, 'somethingNew', unknownValue)].map((one) =>
          verdictsOf([parseConditionalAccessPolicy(one)]),
        );
        after?.forEach((verdict, index) => {
          const was = before?.[index]?.outcome;
          expect([was, 'unknown', ...(was === 'fail' || was === 'unknown' ? [] : ['warn'])]).toContain(verdict.outcome);
          expect(was === 'fail' && verdict.outcome === 'pass').toBe(false);
        });
      }),
    );
  });

  it('do not change by members that say nothing: annotations, nulls, empty lists and objects', () => {
    const place = fc.constantFrom<readonly string[]>(
      [],
      ['conditions'],
      ['conditions', 'applications'],
      ['conditions', 'users'],
      ['grantControls'],
    );
    const silent = fc.constantFrom<readonly [string, unknown]>(
      ['somethingNew', null],
      ['somethingNew', []],
      ['somethingNew', ''],
      ['somethingNew', { '@odata.type': '#x', list: [] }],
      ['somethingNew@odata.context', 'https://graph.microsoft.com'],
      ['@odata.type', '#microsoft.graph.new'],
    );
    fc.assert(
      fc.property(wirePolicy, place, silent, (wire, path, [name, value]) => {
        expect(verdictsOf([parseConditionalAccessPolicy(withMember(wire, path, name, value))])).toEqual(
          verdictsOf([parseConditionalAccessPolicy(wire)]),
        );
      }),
    );
  });

  it('pass without attributes only where they pass with any', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom({}, attributes), (one, read) => {
        verdictsOf([one], null).forEach((unread, index) => {
          if (unread.outcome !== 'unknown' && unread.outcome !== 'warn') {
            expect(verdictsOf([one], read)[index]?.outcome).toBe(unread.outcome);
          }
        });
      }),
    );
  });
});

describe('an application filter', () => {
  const comparison = fc
    .record({
      name: fc.constantFrom('Storage_Kerberos', 'Storage_Tier', 'Storage_Other'),
      operator: fc.constantFrom('eq', 'contains', 'startsWith', 'endsWith'),
      value: fc.constantFrom('yes', 'gold', 'GOLD', 'go', ''),
    })
    .map(({ name, operator, value }) => ({ name, operator, value }));
  const written = ({ name, operator, value }: { name: string; operator: string; value: string }, negative = false) =>
    `CustomSecurityAttribute.${name} -${negative ? (operator === 'eq' ? 'ne' : `not${operator}`) : operator} "${value}"`;
  const answer = (rule: string) => filterVerdict(compileFilter({ mode: 'include', rule }), attributes);
  const opposite = { match: 'miss', miss: 'match', unclear: 'unclear' } as Readonly<Record<string, string>>;

  it('answers the opposite to a negative operator and to -not', () => {
    fc.assert(
      fc.property(comparison, (one) => {
        expect(answer(written(one, true))).toBe(opposite[answer(written(one))]);
        expect(answer(`-not (${written(one)})`)).toBe(opposite[answer(written(one))]);
      }),
    );
  });

  it('answers the same whichever way -and and -or are written', () => {
    fc.assert(
      fc.property(comparison, comparison, (a, b) => {
        expect(answer(`${written(a)} -and ${written(b)}`)).toBe(answer(`${written(b)} -and ${written(a)}`));
        expect(answer(`${written(a)} -and ${written(b)}`)).toBe(
          answer(`-not (-not ${written(a)} -or -not ${written(b)})`),
        );
      }),
    );
  });
});

function reversedLists<T>(value: T): T {
  if (Array.isArray(value)) return value.toReversed().map(reversedLists) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, reversedLists(member)])) as T;
}

function withMember(object: object, path: readonly string[], name: string, value: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...object };
  const [step, ...rest] = path;
  if (step === undefined) copy[name] = value;
  else copy[step] = withMember(copy[step] ?? {}, rest, name, value);
  return copy;
}
