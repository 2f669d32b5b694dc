import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type Collection,
  type CollectionName,
  collected,
  itemsOf,
  known,
  unavailable,
} from '../../../domain/model/collection.ts';
import { microsoftGraphAppId } from '../../../domain/model/directory.ts';
import type { Outcome, Verdict } from '../../../domain/model/verdict.ts';
import { indexDirectory } from '../../../domain/rules/directory.ts';
import { accountRules, tenantRules } from '../../../domain/rules/index.ts';
import { indexResources } from '../../../domain/rules/resources.ts';
import type { AccountRule, TenantRule } from '../../../domain/rules/rule.ts';
import {
  account,
  appId,
  application,
  applications,
  appNames,
  controls,
  day,
  fileService,
  gap,
  grant,
  graphPrincipal,
  guid,
  host,
  legacyApplication,
  legacyPrincipal,
  now,
  password,
  policy,
  principal,
  settings,
  tenantId,
} from '../build.ts';

/**
 * The whole matrix of rule by collection, generated. A world is one choice of content for each collection. Whatever a
 * rule says with a collection unread, or read in part, must hold for every content that collection may have had.
 */

const privateHost = host.replace('.file.', '.privatelink.file.');
const privateNames = ['HOST', 'CIFS', 'HTTP'].flatMap((name) => [
  `${name}/${privateHost}`,
  `api://${tenantId}/${name}/${privateHost}`,
]);
const endpointKey = `/subscriptions/${guid(3)}/resourcegroups/net/providers/microsoft.network/privateendpoints/files`;
const shareReader = 'aba4ae5f-2193-4029-9191-0cb91df5e314';
const customRole = guid(0x77);
const otherApp = application({ id: guid(0x20), appId: guid(0x21), displayName: 'Payroll', identifierUris: [] });
const tags = ['kdc_enable_cloud_group_sids'];
const goneName = 'CIFS/gone.file.core.windows.net';
const orphan = principal({ id: guid(0x40), appId: guid(0x41), displayName: 'Gone', servicePrincipalNames: [goneName] });
const excluded = principal({ id: guid(0x96), appId: guid(0x98), displayName: 'Ledger', servicePrincipalNames: [] });
const claimant = principal({ id: guid(0x30), appId: guid(0x31) });

function link(groupId: string, targetKey = account().key) {
  return { key: endpointKey, name: 'files', links: [{ targetKey, groupIds: [groupId], status: 'Approved' }] };
}

/** What each collection may hold. Every rule finds in it something that passes and something that does not. */
const contents = {
  'storage-accounts': [
    [account()],
    [],
    [account({ key: '/other', id: '/other', name: 'other', host: 'other.file.core.windows.net' })],
  ],
  applications: [
    [application()],
    [],
    [otherApp],
    [legacyApplication()],
    [application({ tags })],
    [application({ ownerIds: [guid(0x99)] })],
    [application({ identifierUris: [...appNames(), ...privateNames] })],
    [application(), application({ id: guid(0x32), appId: guid(0x31) })],
    [application({ passwordCredentials: null })],
    [application({ keyCredentials: [password(10)] })],
    [application({ tags }), application({ id: guid(0x32), appId: guid(0x31), tags })],
    [
      application(),
      application({ id: guid(0x42), appId: guid(0x41), displayName: 'Gone', identifierUris: [goneName] }),
    ],
    [
      application(),
      application({ id: guid(0x46), appId: guid(0x45), displayName: 'Gone', identifierUris: [goneName] }),
    ],
    [application(), application({ id: guid(0x97), appId: guid(0x98), displayName: 'Ledger', identifierUris: [] })],
  ],
  'service-principals': [
    [graphPrincipal(), principal()],
    [graphPrincipal()],
    [principal()],
    [graphPrincipal(), principal(), orphan],
    [graphPrincipal(), principal(), { ...orphan, id: guid(0x44), appId: guid(0x45) }],
    [graphPrincipal(), principal(), excluded],
    [graphPrincipal(), principal({ accountEnabled: false })],
    [graphPrincipal(), principal({ appRoleAssignmentRequired: true })],
    [graphPrincipal(), principal({ passwordCredentials: [password(-1)] })],
    [graphPrincipal(), principal({ passwordCredentials: [] })],
    [graphPrincipal(), principal({ servicePrincipalNames: [appId, `HTTP/${host}`] })],
    [graphPrincipal(), principal({ servicePrincipalNames: [appId, ...appNames(), ...privateNames] })],
    [graphPrincipal(), principal({ ownerIds: [guid(0x99)] })],
    [graphPrincipal(), principal({ ownerIds: null, keyCredentials: null })],
    [graphPrincipal(), legacyPrincipal()],
    [graphPrincipal(), principal(), claimant],
    [graphPrincipal(), principal({ appId: guid(0x31) })],
  ],
  'oauth2-permission-grants': [
    [grant()],
    [],
    [grant({ scopes: ['openid'] })],
    [grant({ scopes: ['openid', 'profile', 'User.Read', 'Mail.Read'] })],
    [grant({ consentType: 'Principal' })],
    [grant(), grant({ id: 'grant-2', clientId: claimant.id })],
  ],
  'conditional-access-policies': [
    [],
    [policy()],
    [policy({ state: 'enabledForReportingButNotEnforced' })],
    [policy({ state: 'new' })],
    [policy({ grantControls: controls({ builtInControls: ['block'] }) })],
    [policy({ applications: applications({ include: ['All'], exclude: [appId] }) })],
    [policy({ applications: applications({ include: ['All'], exclude: [guid(0x98)] }) })],
    [policy({ applications: applications({ include: ['All'], exclude: [guid(0x31)] }) })],
    [policy({ applications: applications({ include: ['All'], exclude: [guid(0x95)] }) })],
    [policy({ signInRiskLevels: ['high'] })],
  ],
  'security-defaults': [[{ isEnabled: false }], [{ isEnabled: true }]],
  'default-app-management-policy': [
    [{ isEnabled: false, servicePrincipalPasswordRestrictions: [] }],
    [
      {
        isEnabled: true,
        servicePrincipalPasswordRestrictions: [
          { type: 'symmetricKeyAddition', state: 'enabled', maxLifetime: null, appliesAfter: null },
        ],
      },
    ],
  ],
  'private-endpoints': [[], [link('file')], [link('blob')], [link('file', '/elsewhere')]],
  'role-assignments': [
    [],
    [{ id: '/a', scope: account().key, roleId: shareReader, principalId: guid(0x50), conditional: false }],
    [{ id: '/b', scope: `/subscriptions/${guid(2)}`, roleId: customRole, principalId: guid(0x50), conditional: false }],
    [
      {
        id: '/c',
        scope: '/providers/microsoft.management/managementgroups/platform',
        roleId: shareReader,
        principalId: guid(0x50),
        conditional: false,
      },
    ],
  ],
  'role-definitions': [
    [],
    [{ roleId: customRole, name: 'Files', permissions: [{ dataActions: ['*'], notDataActions: [] }] }],
  ],
  'file-services': [
    [fileService()],
    [fileService({ kerberosTicketEncryption: ['RC4-HMAC'] })],
    [fileService({ authenticationMethods: ['NTLMv2'] })],
    [fileService({ authenticationMethods: null })],
  ],
} as const satisfies Partial<Record<CollectionName, readonly (readonly object[])[]>>;

/** Possible, if odd: an application of any principal there is, whatever names that one carries; an app in one list only. */
const oddities: Partial<Record<CollectionName, readonly (readonly object[])[]>> = {
  applications: [
    [application({ appId: microsoftGraphAppId })],
    [application({ appId: guid(0x31) })],
    [application(), application({ id: guid(0x94), appId: guid(0x95), displayName: 'Ledger', identifierUris: [] })],
  ],
  'service-principals': [[graphPrincipal(), principal(), { ...excluded, id: guid(0x93), appId: guid(0x95) }]],
};

type Name = keyof typeof contents;
const names = Object.keys(contents) as Name[];

const connected = [{ endpointKey, status: 'Approved' }];
/** Its row does not say what connects to it, so the endpoints themselves decide. */
const plain = account({ privateEndpointConnections: null });
const judgedAccounts = [
  plain,
  { ...plain, defaultSharePermission: null },
  account({ privateEndpointConnections: connected }),
  { ...plain, sharedKeyAllowed: true },
  { ...plain, directoryService: 'None' },
  { ...plain, directoryService: 'AD' },
  { ...plain, kind: 'BlobStorage' },
  { ...plain, host: null },
  { ...plain, createdAt: now - 10 * day },
];

/** Those that judge what was read; the others judge the reading itself. */
type Rule = AccountRule | TenantRule;
const rules: readonly Rule[] = [...accountRules, ...tenantRules];

interface World {
  readonly account: (typeof judgedAccounts)[number];
  readonly cloudOnly: boolean;
  readonly free: boolean;
  readonly collections: Readonly<Record<Name, Collection<object>>>;
}

/** Mostly all is well, so that rules get to where a collection decides. */
const anyWorld: fc.Arbitrary<World> = fc.record({
  account: fc.oneof({ weight: 2, arbitrary: fc.constant(plain) }, fc.constantFrom(...judgedAccounts)),
  cloudOnly: fc.boolean(),
  free: fc.boolean(),
  collections: fc.record(
    Object.fromEntries(
      names.map((name) => [
        name,
        fc
          .oneof(
            { weight: 3, arbitrary: fc.constant(contents[name][0]) },
            fc.constantFrom(...(contents[name] as readonly (readonly object[])[])),
          )
          .map((items) => known<object>(items)),
      ]),
    ) as Record<Name, fc.Arbitrary<Collection<object>>>,
  ),
});

/** What the rule says of the world: the worst of a tenant rule's verdicts stands for all of them. */
function verdictsOf(rule: Rule, world: World): readonly Verdict[] {
  const get = <T>(name: Name): Collection<T> => world.collections[name] as Collection<T>;
  const directory = indexDirectory({
    tenantId,
    applications: get('applications'),
    servicePrincipals: get('service-principals'),
    oauth2PermissionGrants: get('oauth2-permission-grants'),
    conditionalAccessPolicies: get('conditional-access-policies'),
    securityDefaults: get('security-defaults'),
    defaultAppManagementPolicy: get('default-app-management-policy'),
  });
  const match = { name: '*' };
  const given = settings({ cloudOnlyUsers: world.cloudOnly ? [match] : [] });
  if (rule.about === 'tenant') {
    const accountNames = (): 'free' | 'taken' => (world.free ? 'free' : 'taken');
    const storageAccounts = get<ReturnType<typeof account>>('storage-accounts');
    const { subjects, others } = rule.evaluate({ directory, storageAccounts, accountNames, settings: given, now });
    return [...subjects.map(({ verdict }) => verdict), others];
  }
  const resources = indexResources(
    {
      privateEndpoints: get('private-endpoints'),
      roleAssignments: get('role-assignments'),
      roleDefinitions: get('role-definitions'),
    },
    get('file-services'),
  );
  return [rule.evaluate({ account: world.account, directory, resources, settings: given, now })];
}

function outcomesOf(rule: Rule, world: World): readonly Outcome[] {
  return verdictsOf(rule, world).map(({ outcome }) => outcome);
}

/** Where nothing is wrong it does not matter whether the rule applies: names that nobody asks for are complete all the same. */
function standing(outcome: Outcome): string {
  return outcome === 'pass' || outcome === 'not-applicable' ? 'nothing wrong' : outcome;
}

function worldWith(world: World, name: Name, collection: Collection<object>): World {
  return { ...world, collections: { ...world.collections, [name]: collection } };
}

/** Contents the collection may have had, where what was seen of it is `seen`. */
function possible(name: Name, seen: readonly object[]): readonly Collection<object>[] {
  return [...contents[name], ...(oddities[name] ?? [])].map((items) =>
    known<object>([...seen, ...items.filter((item) => !sharesIdWith(seen, item))]),
  );
}

/** Presence counts: that an app seen may have a rival which was not is for `storage-app-unambiguous` alone to say. */
function hasRivals(rule: Rule, name: Name, collection: Collection<object>): boolean {
  if (rule.id === 'storage-app-unambiguous' || rule.about === 'tenant') return false;
  const claiming = (
    itemsOf(collection) as readonly { identifierUris?: string[]; servicePrincipalNames?: string[] }[]
  ).filter((one) => (one.identifierUris ?? one.servicePrincipalNames ?? []).some((uri) => uri.endsWith(host)));
  return ['applications', 'service-principals'].includes(name) && claiming.length > 1;
}

/** One id holds one object: what was seen of it is what it is. */
function sharesIdWith(seen: readonly object[], item: object): boolean {
  const idOf = (one: object): unknown =>
    'key' in one
      ? one.key
      : 'accountKey' in one
        ? one.accountKey
        : 'roleId' in one && !('scope' in one)
          ? one.roleId
          : 'id' in one
            ? one.id
            : 'one';
  return seen.some((one) => idOf(one) === idOf(item));
}

const needed = rules.flatMap((rule) =>
  names.filter((name) => rule.needs.includes(name) && isLookedUp(rule, name)).map((name) => ({ rule, name })),
);

/** The account that an account rule is asked about was read already; a tenant rule looks through the list. */
function isLookedUp(rule: Rule, name: Name): boolean {
  return name !== 'storage-accounts' || rule.about === 'tenant';
}

describe('unknown is exact', () => {
  it('looks at every collection that some rule needs', () => {
    const all = new Set(rules.flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy]));
    expect([...all].filter((name) => !(name in contents))).toEqual([]);
  });

  it.each(needed)('$rule.id says with $name unread only what holds for whatever it may hold', ({ rule, name }) => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const blind = verdictsOf(rule, worldWith(world, name, unavailable(gap(name))));
        if (blind.some(({ outcome }) => outcome === 'unknown')) return;
        const said = new Set(blind.map(({ outcome }) => standing(outcome)));
        for (const collection of possible(name, [])) {
          const whole = outcomesOf(rule, worldWith(world, name, collection)).map(standing);
          expect(whole.filter((one) => !said.has(one))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each(needed)(
    '$rule.id says with a part of $name only what holds for whatever else it may hold',
    ({ rule, name }) => {
      fc.assert(
        fc.property(anyWorld, (world) => {
          const { items } = world.collections[name] as { items: readonly object[] };
          const partial = verdictsOf(rule, worldWith(world, name, collected(items, [gap(name)])));
          if (partial.some(({ outcome }) => outcome === 'unknown')) return;
          const said = new Set(partial.map(({ outcome }) => standing(outcome)));
          for (const collection of possible(name, items).filter((one) => !hasRivals(rule, name, one))) {
            const whole = outcomesOf(rule, worldWith(world, name, collection)).map(standing);
            expect(whole.filter((one) => !said.has(one))).toEqual([]);
          }
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(needed)('$rule.id names the permission for $name when it cannot tell without it', ({ rule, name }) => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        if (outcomesOf(rule, world).includes('unknown')) return;
        const blind = verdictsOf(rule, worldWith(world, name, unavailable(gap(name))));
        for (const verdict of blind.filter(({ outcome }) => outcome === 'unknown')) {
          expect(verdict.gaps).toContainEqual(gap(name));
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each(needed)('$rule.id is unknown without $name somewhere, and decided with it there', ({ rule, name }) => {
    const found = fc
      .sample(anyWorld, { numRuns: 4000, seed: 7 })
      .some(
        (world) =>
          !outcomesOf(rule, world).includes('unknown') &&
          outcomesOf(rule, worldWith(world, name, unavailable(gap(name)))).includes('unknown'),
      );
    expect(found).toBe(true);
  });

  it.each(needed)('$rule.id keeps without $name what no content of it could change', ({ rule, name }) => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const blind = verdictsOf(rule, worldWith(world, name, unavailable(gap(name))));
        if (!blind.some(({ outcome }) => outcome === 'unknown')) return;
        const whole = possible(name, []).map((collection) => outcomesOf(rule, worldWith(world, name, collection)));
        // Unknown is right only where it hides a difference, or where it is unknown whatever the collection holds.
        const different = new Set(whole.map((outcomes) => outcomes.join(' '))).size > 1;
        const always = whole.every((outcomes) => outcomes.includes('unknown'));
        expect(different || always).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
