import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { RemediationPlan } from '../../../domain/remediation/plan.ts';
import { planFor, planForPolicy, planForTenant } from '../../../domain/remediation/plan-for.ts';
import type { Planned } from '../../../domain/remediation/planned.ts';
import { evaluateAccount, evaluateTenant } from '../../../domain/rules/index.ts';
import type { RuleContext } from '../../../domain/rules/rule.ts';
import { ticketNames } from '../../../domain/rules/storage-app-names.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { account, appId, appNames, guid, now, settings, tenantId } from '../build.ts';
import { apply, contextOf, holds, type World, worldOf } from './apply-plan.ts';
import { planOf } from './planned.ts';
import {
  policyId,
  wireApplication,
  wireEstate,
  wireFileService,
  wireGrant,
  wireGraphPrincipal,
  wirePolicy,
  wirePrincipal,
} from './wire-objects.ts';

/** One action over generated objects: its world, the facts read of it, the plan, and whether the rule is content. */
interface Trial {
  readonly world: World;
  readonly read: (world: World) => RuleContext;
  readonly plan: (context: RuleContext) => Planned;
  readonly isMended: (context: RuleContext) => boolean;
}

const passes = (rule: string) => (context: RuleContext) =>
  evaluateAccount(context).some((one) => one.rule.id === rule && one.verdict.outcome === 'pass');
const about = (rule: string) => (context: RuleContext) => planFor(rule, context);

const word = fc.stringMatching(/^[A-Za-z0-9.]{1,12}$/);
const guids = fc.uniqueArray(fc.integer({ min: 0x5000, max: 0x5fff }).map(guid), { maxLength: 5 });
/** Of the wire, but for `__proto__`, which the schemas at the edge drop wherever it stands. */
const anything = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
const extra = fc.dictionary(fc.stringMatching(/^x[a-z]{1,6}$/), anything, {
  maxKeys: 3,
}) as fc.Arbitrary<WireObject>;
const modified = fc.option(fc.constant('2026-03-04T05:06:07.1234567Z'), { nil: null });

const sound = (over: { application?: WireObject; principal?: WireObject } = {}) => ({
  applications: [wireApplication(over.application)],
  servicePrincipals: [wireGraphPrincipal(), wirePrincipal(over.principal)],
});

const trials: Record<string, fc.Arbitrary<Trial>> = {
  'grant-consent': extra.map((more) => ({
    world: worldOf(sound({ principal: more })),
    read: (world) => contextOf(world),
    plan: about('consent-granted'),
    isMended: passes('consent-granted'),
  })),
  'add-missing-scopes': fc
    .tuple(
      fc.subarray(['openid', 'PROFILE', 'User.Read'], { maxLength: 2 }),
      fc.array(word, { maxLength: 3 }),
      fc.constantFrom('', ' '),
      fc.constantFrom(' ', '  '),
      extra,
    )
    .map(([held, others, lead, gap, more]) => ({
      world: worldOf({ ...sound(), grants: [wireGrant({ ...more, scope: lead + [...held, ...others].join(gap) })] }),
      read: (world) => contextOf(world),
      plan: about('consent-granted'),
      isMended: passes('consent-granted'),
    })),
  'assignment-not-required': extra.map((more) => ({
    world: worldOf(sound({ principal: { ...more, appRoleAssignmentRequired: true } })),
    read: (world) => contextOf(world),
    plan: about('app-assignment-not-required'),
    isMended: passes('app-assignment-not-required'),
  })),
  'add-cloud-group-tag': fc.tuple(fc.array(word, { maxLength: 4 }), extra).map(([tags, more]) => ({
    world: worldOf(sound({ application: { ...more, tags } })),
    read: (world) => contextOf(world, { settings: settings({ cloudOnlyUsers: [{ name: '*' }] }) }),
    plan: about('cloud-only-group-tag'),
    isMended: passes('cloud-only-group-tag'),
  })),
  'add-privatelink-uris': fc
    .tuple(
      fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 5 }),
      fc.boolean(),
      fc.shuffledSubarray(appNames(), { minLength: 6 }),
    )
    .map(([there, inLowerCase, names]) => {
      const all = ticketNames(`contosoprofiles.privatelink.file.core.windows.net`, tenantId).map(({ name }) => name);
      const some = all.filter((_, index) => there.includes(index));
      const identifierUris = [...names, ...some.map((name) => (inLowerCase ? name.toLowerCase() : name))];
      const endpointKey = `${account().key}-endpoint`;
      return {
        world: worldOf(
          sound({
            application: { identifierUris },
            principal: { servicePrincipalNames: [appId, ...identifierUris] },
          }),
        ),
        read: (world) =>
          contextOf(world, {
            account: account({ privateEndpointConnections: [{ endpointKey, status: 'Approved' }] }),
            resources: {
              privateEndpoints: known([
                {
                  key: endpointKey,
                  name: 'pe',
                  links: [{ targetKey: account().key, groupIds: ['file'], status: 'Approved' }],
                },
              ]),
            },
          }),
        plan: about('private-link-spn'),
        isMended: passes('private-link-spn'),
      };
    }),
  'allow-aes256-kerberos': fc
    .tuple(
      fc.constantFrom('NTLMv2', 'NTLMv2;', 'NTLMv2;SomethingNew'),
      fc.option(fc.constantFrom('RC4-HMAC', 'RC4-HMAC;', 'AES-512;RC4-HMAC; '), { nil: null }),
      extra,
      extra,
    )
    .map(([authenticationMethods, kerberosTicketEncryption, more, smb]) => ({
      world: worldOf({
        fileServices: [wireFileService(more, { ...smb, authenticationMethods, kerberosTicketEncryption })],
      }),
      read: (world) => contextOf(world),
      plan: about('kerberos-aes256-allowed'),
      isMended: passes('kerberos-aes256-allowed'),
    })),
  'exclude-app-from-policy': fc
    .tuple(guids, modified, extra, fc.constantFrom('mfa', 'block'), fc.integer({ min: 1, max: 4 }))
    .map(([exclude, modifiedDateTime, more, control, count]) => {
      const { accounts, ...apps } = wireEstate(['one', 'two', 'three', 'four'].slice(0, count));
      const grantControls = { operator: 'OR', builtInControls: [control] };
      return {
        world: worldOf({
          ...apps,
          policies: [wirePolicy({ ...more, modifiedDateTime, grantControls }, { excludeApplications: exclude })],
        }),
        read: (world) => contextOf(world),
        plan: ({ directory }) => planForPolicy({ policyId, accounts, directory }),
        isMended: (context) =>
          accounts.every((one) =>
            ['mfa-excluded', 'conditional-access-not-blocking'].every((rule) =>
              passes(rule)({ ...context, account: one }),
            ),
          ),
      };
    }),
  'replace-dangling-exclusion': fc.tuple(guids, guids, modified).map(([left, right, modifiedDateTime]) => {
    const former = guid(0x6001);
    // What stands beside it is in the tenant, so that it is not an exclusion of an app that is gone.
    const others = [...new Set([...left, ...right])];
    const excludeApplications = [...left, former.toUpperCase(), ...right.filter((id) => !left.includes(id))];
    return {
      world: worldOf({
        applications: [
          wireApplication(),
          ...others.map((id, at) =>
            wireApplication({ id: guid(0x7000 + at), appId: id, displayName: 'x', identifierUris: [] }),
          ),
        ],
        servicePrincipals: [wireGraphPrincipal(), wirePrincipal()],
        policies: [wirePolicy({ modifiedDateTime }, { excludeApplications })],
      }),
      read: (world) => contextOf(world),
      plan: (context) => tenantPlan(context, former, () => [account().key]),
      isMended: (context) => passes('mfa-excluded')(context) && !isOrphaned(context, former),
    };
  }),
  'remove-orphaned-exclusion': fc.tuple(guids, guids, modified).map(([left, right, modifiedDateTime]) => {
    const gone = guid(0x6002);
    const excludeApplications = [...left, gone, appId, ...right.filter((id) => !left.includes(id))];
    return {
      world: worldOf({ ...sound(), policies: [wirePolicy({ modifiedDateTime }, { excludeApplications })] }),
      read: (world) => contextOf(world),
      plan: (context) => tenantPlan(context, gone, () => []),
      isMended: (context) => !isOrphaned(context, gone),
    };
  }),
};

function tenantPlan({ directory }: RuleContext, gone: string, formerApps: () => readonly string[]): Planned {
  return planForTenant({
    rule: 'mfa-exclusion-not-orphaned',
    subject: `${policyId}:${gone}`,
    title: 'gone',
    directory,
    storageAccounts: known([account()]),
    formerApps,
    restorable: new Set(),
  });
}

function isOrphaned({ directory }: RuleContext, gone: string): boolean {
  const accountNames = () => null;
  return evaluateTenant({
    directory,
    storageAccounts: known([account()]),
    accountNames,
    settings: settings(),
    now,
  }).some(
    ({ rule, subjects }) =>
      rule.id === 'mfa-exclusion-not-orphaned' && subjects.some(({ subject }) => subject === `${policyId}:${gone}`),
  );
}

describe.each(Object.entries(trials))('The action %s, over objects of all shapes', (action, arbitrary) => {
  const planIn = (trial: Trial): RemediationPlan => planOf(trial.plan(trial.read(trial.world)));
  const check = (property: (trial: Trial, plan: RemediationPlan) => void) => {
    fc.assert(
      fc.property(arbitrary, (trial) => {
        property(trial, planIn(trial));
      }),
      { numRuns: 20 },
    );
  };

  it('has a plan of that name, whose reads show what it expects', () => {
    check((trial, plan) => {
      expect(plan.action).toBe(action);
      expect(trial.isMended(trial.read(trial.world))).toBe(false);
      expect(holds(trial.world, plan)).toBe(true);
    });
  });

  it('makes the rule content, and its reads then show what it said they would, and no longer what it expected', () => {
    check((trial, plan) => {
      const { after } = apply(trial.world, plan);
      expect(trial.isMended(trial.read(after))).toBe(true);
      expect(holds(after, plan, 'afterwards')).toBe(true);
      expect(holds(after, plan)).toBe(false);
    });
  });

  it('has nothing left to plan then', () => {
    check((trial, plan) => {
      expect(trial.plan(trial.read(apply(trial.world, plan).after)).kind).not.toBe('plan');
    });
  });

  it('changes the members that it names, and nothing else', () => {
    check((trial, plan) => {
      const { after } = apply(trial.world, plan);
      expect(withoutTouched(after, plan)).toEqual(withoutTouched(trial.world, plan));
      expect(after).not.toEqual(trial.world);
    });
  });

  it('is taken back by its undo, in every member it touched', () => {
    check((trial, plan) => {
      expect(withoutEditTime(apply(trial.world, plan).undone)).toEqual(withoutEditTime(trial.world));
    });
  });

  it('names in before and after what differs', () => {
    check((_, plan) => {
      for (const call of plan.calls) expect(call.before).not.toEqual(call.after);
    });
  });
});

/** The service writes the time of an edit itself. */
function withoutEditTime(world: World): World {
  return new Map([...world].map(([path, { modifiedDateTime: _, ...rest }]) => [path, rest]));
}

/** All but the members named in `before` and `after`, and the names that Entra copies to the principal. */
function withoutTouched(world: World, { calls }: RemediationPlan): unknown {
  const touched = new Set(calls.flatMap(({ after }) => Object.keys(after ?? {})));
  if (touched.has('identifierUris')) touched.add('servicePrincipalNames');
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !touched.has(name))
        .map(([name, member]) => [name, strip(member)]),
    );
  };
  return [...withoutEditTime(world)]
    .filter(([path]) => !path.endsWith('made-by-graph'))
    .map(([path, object]) => [path, strip(object)]);
}
