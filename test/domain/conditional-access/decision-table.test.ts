import { describe, expect, it } from 'vitest';
import { compilePolicy, effectOn } from '../../../domain/conditional-access/compile.ts';
import type { EffectKind } from '../../../domain/conditional-access/effect.ts';
import type {
  AuthenticationStrength,
  ConditionalAccessPolicy,
} from '../../../domain/model/conditional-access-policy.ts';
import { appId, applications, controls, guid, policy, users } from '../build.ts';

/** `by`: the row that the effect names as its reason, where that is another one. */
type Case = readonly [row: number, says: string, over: Partial<ConditionalAccessPolicy>, kind: EffectKind, by?: number];

const filter = { mode: 'exclude', rule: 'CustomSecurityAttribute.Kerb_App -eq "yes"' };
const audience = '00000002-0000-0000-c000-000000000000';
const target = { appId, securityAttributes: null };
const nobody = users({ includeUsers: ['None'] });

function including(...include: string[]) {
  return { applications: applications({ include }) };
}

function demanding(operator: string | null, ...builtInControls: string[]) {
  return { grantControls: controls({ operator, builtInControls }) };
}

function strength(allowedCombinations: string[], requirementsSatisfied: string | null = 'none', policyType = 'custom') {
  const authenticationStrength: AuthenticationStrength = {
    id: guid(7),
    displayName: 'A strength',
    policyType,
    requirementsSatisfied,
    allowedCombinations,
  };
  return { grantControls: controls({ authenticationStrength }) };
}

const cases: readonly Case[] = [
  [1, 'a disabled policy is harmless', { state: 'disabled' }, 'none'],
  [
    2,
    'a report-only policy is judged as if it were on',
    { state: 'enabledForReportingButNotEnforced' },
    'violation',
    26,
  ],
  [2, 'a state that is not known is undecided', { state: 'somethingNew' }, 'undecided'],
  [3, 'workload identities only', { users: nobody, selectsWorkloadIdentities: true }, 'none'],
  [3, 'workload identities only, users not set', { users: users(), selectsWorkloadIdentities: true }, 'none'],
  [4, 'user actions only', { applications: applications({ userActions: ['urn:user:registerdevice'] }) }, 'none'],
  [5, 'authentication contexts only', { applications: applications({ authenticationContexts: ['c1'] }) }, 'none'],
  [6, 'the app is excluded', { applications: applications({ include: ['All'], exclude: [appId] }) }, 'none'],
  [
    6,
    'the app is excluded in other case',
    { applications: applications({ include: ['all'], exclude: [appId.toUpperCase()] }) },
    'none',
  ],
  [6, 'excluded wins over listed', { applications: applications({ include: [appId], exclude: [appId] }) }, 'none'],
  [
    6,
    'excluded wins over a filter',
    { applications: applications({ include: ['All'], exclude: [appId], filter }) },
    'none',
    6,
  ],
  [7, 'all resources reach the app', including('All'), 'violation'],
  [
    7,
    'all resources but another app',
    { applications: applications({ include: ['All'], exclude: [guid(99)] }) },
    'violation',
    7,
  ],
  [8, 'the app is listed', including(guid(99), appId), 'violation'],
  [9, 'the directory audience is listed', including(audience), 'undecided'],
  [9, 'the directory audience beside the app does not matter', including(audience, appId), 'violation', 8],
  [
    10,
    'an exclude filter that is not read does not matter where another app is listed',
    { applications: applications({ include: [guid(99)], filter }) },
    'none',
    11,
  ],
  [
    10,
    'an include filter that is not read does not matter where the app is listed',
    { applications: applications({ include: [appId], filter: { ...filter, mode: 'include' } }) },
    'violation',
    8,
  ],
  [
    10,
    'a filter of an unknown mode',
    { applications: applications({ include: ['All'], filter: { ...filter, mode: 'sometimes' } }) },
    'undecided',
  ],
  [
    10,
    'a filter of an unknown mode beside other apps',
    { applications: applications({ include: [guid(99)], filter: { ...filter, mode: 'sometimes' } }) },
    'undecided',
  ],
  [
    10,
    'a filter whose rule is not understood',
    { applications: applications({ include: ['All'], filter: { ...filter, rule: 'app.name -match "x"' } }) },
    'undecided',
  ],
  [
    10,
    'an include filter beside user actions is not over with them',
    {
      applications: applications({ userActions: ['urn:user:registerdevice'], filter: { ...filter, mode: 'include' } }),
    },
    'undecided',
  ],
  [
    9,
    'the directory audience stays undecided, whoever is meant',
    { ...including(audience), users: nobody },
    'undecided',
  ],
  [10, 'an exclude filter that is not read', { applications: applications({ include: ['All'], filter }) }, 'undecided'],
  [
    10,
    'an include filter that is not read',
    { applications: applications({ filter: { ...filter, mode: 'include' } }) },
    'undecided',
  ],
  [11, 'other apps and known keywords only', including('Office365', 'MicrosoftAdminPortals', guid(99)), 'none'],
  [11, 'no resource by keyword', including('None'), 'none'],
  [11, 'agent resources only', including('AllAgentIdResources'), 'none'],
  [11, 'a keyword that is not known', including('Office365', 'SomethingNew'), 'undecided'],
  [11, 'no resource at all', including(), 'undecided'],
  [11, 'network access only', { applications: applications({ selectsNetworkAccess: true }) }, 'none'],
  [
    11,
    'Office365 in the exclusions does not exempt',
    { applications: applications({ include: ['All'], exclude: ['Office365'] }) },
    'violation',
    7,
  ],
  [12, 'no users', { users: nobody }, 'none'],
  [
    13,
    'all users, whatever the exclusions',
    { users: users({ includeUsers: ['All'], excludeGroups: [guid(5)], excludesGuests: true }) },
    'violation',
  ],
  [14, 'groups', { users: users({ includeGroups: [guid(5)] }) }, 'conditional-users'],
  [
    14,
    'None beside groups means the groups',
    { users: users({ includeUsers: ['None'], includeGroups: [guid(5)] }) },
    'conditional-users',
  ],
  [14, 'named users', { users: users({ includeUsers: [guid(5)] }) }, 'conditional-users'],
  [14, 'roles only', { users: users({ includeRoles: [guid(5)] }) }, 'conditional'],
  [15, 'guests by keyword', { users: users({ includeUsers: ['GuestsOrExternalUsers'] }) }, 'conditional-low'],
  [15, 'guests by kind', { users: users({ includesGuests: true }) }, 'conditional-low'],
  [16, 'desktop clients', { clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'] }, 'violation'],
  [17, 'browser and mail clients', { clientAppTypes: ['browser', 'exchangeActiveSync', 'easSupported'] }, 'none'],
  [18, 'other clients only', { clientAppTypes: ['other'] }, 'conditional-low'],
  [18, 'other clients, mail clients', { clientAppTypes: ['exchangeActiveSync', 'other'] }, 'conditional-low'],
  [19, 'Windows', { platforms: { include: ['windows'], exclude: [] } }, 'violation'],
  [19, 'all platforms but macOS', { platforms: { include: ['all'], exclude: ['macOS'] } }, 'violation'],
  [19, 'macOS only', { platforms: { include: ['macOS'], exclude: [] } }, 'conditional'],
  [19, 'phones and Linux', { platforms: { include: ['android', 'iOS', 'linux'], exclude: [] } }, 'none'],
  [19, 'all platforms but Windows', { platforms: { include: ['all'], exclude: ['windows', 'macOS'] } }, 'conditional'],
  [20, 'all locations', { locations: { include: ['All'], exclude: [] } }, 'violation'],
  [20, 'all but trusted locations', { locations: { include: ['All'], exclude: ['AllTrusted'] } }, 'conditional'],
  [20, 'a named location', { locations: { include: [guid(6)], exclude: [] } }, 'conditional'],
  [21, 'a device filter', { deviceFilter: { mode: 'include', rule: 'device.isCompliant -eq False' } }, 'conditional'],
  [
    21,
    'a device filter that every device meets',
    { deviceFilter: { mode: 'include', rule: 'device.trustType -ne "Workplace"' } },
    'violation',
  ],
  [
    21,
    'a device filter for devices that mount no shares',
    { deviceFilter: { mode: 'include', rule: 'device.trustType -eq "Workplace"' } },
    'none',
  ],
  [
    21,
    'a device filter on anything else',
    { deviceFilter: { mode: 'include', rule: 'device.model -ne "x"' } },
    'conditional',
  ],
  [32, 'a device filter of an unknown mode', { deviceFilter: { mode: '', rule: 'device.model -ne "x"' } }, 'undecided'],
  [22, 'sign-in risk', { signInRiskLevels: ['high'] }, 'conditional'],
  [22, 'user risk', { userRiskLevels: ['high'] }, 'conditional'],
  [22, 'insider risk', { insiderRiskLevels: ['elevated'] }, 'conditional'],
  [23, 'device code flow only', { transferMethods: ['deviceCodeFlow'] }, 'none'],
  [24, 'no grant controls', { grantControls: null, signInFrequency: 'everyTime' }, 'none'],
  [24, 'empty grant controls', { grantControls: controls() }, 'none'],
  [
    24,
    'demanding nothing is harmless whatever else is set',
    { grantControls: null, unreadConditions: ['times'], state: 'new' },
    'none',
  ],
  [25, 'block', demanding('OR', 'block'), 'block'],
  [
    25,
    'block for some places',
    { ...demanding('OR', 'block'), locations: { include: [guid(6)], exclude: [] } },
    'block-conditional',
  ],
  [
    25,
    'block for groups',
    { ...demanding('OR', 'block'), users: users({ includeGroups: [guid(5)] }) },
    'block-conditional',
  ],
  [26, 'MFA and a compliant device', demanding('AND', 'mfa', 'compliantDevice'), 'violation'],
  [26, 'password change and MFA', demanding('AND', 'passwordChange', 'mfa'), 'violation'],
  [26, 'risk remediation', demanding('AND', 'riskRemediation'), 'violation'],
  [
    26,
    'a custom factor',
    { grantControls: controls({ operator: 'AND', customAuthenticationFactors: ['Duo'] }) },
    'violation',
  ],
  [26, 'a built-in strength', strength(['password', 'fido2'], 'mfa', 'builtIn'), 'violation'],
  [26, 'a custom strength of two factors', strength(['fido2', 'password,softwareOath']), 'violation'],
  [26, 'a custom strength that a password meets', strength(['password', 'fido2']), 'none'],
  [26, 'the combinations of a custom strength are believed first', strength(['password'], 'mfa'), 'none'],
  [26, 'a strength with a method that is not known', strength(['fido2', 'telepathy']), 'undecided', 32],
  [26, 'a strength with another single factor', strength(['qrCodePin']), 'undecided', 32],
  [26, 'a strength that says nothing', strength([], null), 'undecided', 32],
  [27, 'MFA or a compliant device', demanding('OR', 'mfa', 'compliantDevice'), 'conditional'],
  [
    27,
    'MFA or a joined device, for groups',
    { ...demanding('OR', 'mfa', 'domainJoinedDevice'), users: users({ includeGroups: [guid(5)] }) },
    'conditional',
  ],
  [28, 'MFA or an approved app', demanding('OR', 'mfa', 'approvedApplication'), 'violation'],
  [
    28,
    'MFA or terms of use',
    { grantControls: controls({ builtInControls: ['mfa'], termsOfUse: [guid(8)] }) },
    'violation',
  ],
  [29, 'one control with OR is that control', demanding('OR', 'mfa'), 'violation', 26],
  [29, 'one control without operator is that control', demanding(null, 'mfa'), 'violation', 26],
  [30, 'a compliant device', demanding('OR', 'compliantDevice'), 'none'],
  [
    30,
    'device controls are harmless whatever else is set',
    { ...demanding('OR', 'compliantDevice', 'domainJoinedDevice'), unreadConditions: ['times'] },
    'none',
  ],
  [31, 'terms of use', { grantControls: controls({ termsOfUse: [guid(8)] }) }, 'conditional'],
  [31, 'an app control', demanding('OR', 'approvedApplication', 'compliantApplication'), 'conditional'],
  [
    31,
    'an app control for guests',
    { ...demanding('OR', 'compliantApplication'), users: users({ includesGuests: true }) },
    'conditional-low',
  ],
  [32, 'a condition that is not known', { unreadConditions: ['times'] }, 'undecided'],
  [32, 'a control that is not known', demanding('OR', 'faceScan'), 'undecided'],
  [32, 'MFA or a control that is not known', demanding('OR', 'mfa', 'faceScan'), 'undecided'],
  [32, 'MFA and a control that is not known is still MFA', demanding('AND', 'mfa', 'faceScan'), 'violation', 26],
  [32, 'several controls, operator not known', demanding('XOR', 'mfa', 'compliantDevice'), 'undecided'],
  [32, 'a client that is not known', { clientAppTypes: ['browser', 'fridge'] }, 'undecided'],
  [32, 'a platform that is not known', { platforms: { include: ['fridge'], exclude: [] } }, 'undecided'],
  [32, 'users by a keyword that is not known', { users: users({ includeUsers: ['AllRobots'] }) }, 'undecided'],
  [32, 'no users named', { users: users() }, 'undecided'],
  [
    32,
    'an exclusion that is not known',
    { applications: applications({ include: ['All'], exclude: ['SomeSuite'] }) },
    'undecided',
  ],
  [
    32,
    'an exclusion that is not known does not matter where no user is meant',
    { applications: applications({ include: ['All'], exclude: ['SomeSuite'] }), users: nobody },
    'none',
    12,
  ],
  [
    32,
    'all resources included and excluded',
    { applications: applications({ include: ['All'], exclude: ['all'] }) },
    'undecided',
  ],
  [32, 'a flow that is not known', { transferMethods: ['telepathy'] }, 'undecided'],
  [32, 'a risk level that is not known', { signInRiskLevels: ['extreme'] }, 'undecided'],
  [32, 'no user is none, whatever is not known', { users: nobody, unreadConditions: ['times'] }, 'none', 12],
  [
    32,
    'other resources, beside a member that may select more',
    { ...including(guid(9)), unreadConditions: ['applications.includeTags'] },
    'undecided',
  ],
  [
    32,
    'user actions, beside a member that may select more',
    { applications: applications({ userActions: ['urn:x'] }), unreadConditions: ['applications.includeTags'] },
    'undecided',
  ],
  [
    32,
    'other resources, beside one that can only take away, and one of another part',
    { ...including(guid(9)), unreadConditions: ['applications.excludeTags', 'users.includeTags', 'times'] },
    'none',
    11,
  ],
  [
    32,
    'an app that is excluded, whatever else selects it',
    { applications: applications({ exclude: [appId] }), unreadConditions: ['applications.includeTags'] },
    'none',
    6,
  ],
  [
    32,
    'no users, beside a member that may select some',
    { users: nobody, unreadConditions: ['users.includeTags'] },
    'undecided',
  ],
  [
    32,
    'workload identities alone, beside a member that may select users',
    { users: nobody, selectsWorkloadIdentities: true, unreadConditions: ['users.includeTags'] },
    'undecided',
  ],
  [
    32,
    'an app that is excluded from what may select users',
    {
      users: nobody,
      selectsWorkloadIdentities: true,
      unreadConditions: ['users.includeTags'],
      applications: applications({ include: ['All'], exclude: [appId] }),
    },
    'none',
    6,
  ],
  [
    32,
    'no users, beside one that can only take away',
    { users: nobody, unreadConditions: ['users.excludeTags'] },
    'none',
    12,
  ],
  [
    32,
    'platforms without shares, beside a member that may add some',
    { platforms: { include: ['android'], exclude: [] }, unreadConditions: ['platforms.includeFamilies'] },
    'undecided',
  ],
  [
    32,
    'sign-in flows, beside a member that may add some',
    { transferMethods: ['deviceCodeFlow'], unreadConditions: ['authenticationFlows.methods'] },
    'undecided',
  ],
];

describe('the decision table of Conditional Access', () => {
  const titled = cases.map(([row, says, over, kind, by = row]) => ({ row, says, over, kind, by }));

  it.each(titled)('row $row: $says', ({ over, kind, by }) => {
    const effect = effectOn(compilePolicy(policy(over)), target);
    expect(effect.kind).toBe(kind);
    expect(effect.reasons.map((reason) => reason.row)).toContain(by);
  });

  it('has a case for each of its 32 rows', () => {
    expect(new Set(cases.map(([row]) => row)).size).toBe(32);
  });
});

describe('an effect', () => {
  it('is latent while the policy only reports', () => {
    const effect = effectOn(compilePolicy(policy({ state: 'enabledForReportingButNotEnforced' })), target);
    expect(effect.latent).toBe(true);
  });

  it('says when the policy names the app', () => {
    expect(effectOn(compilePolicy(policy(including(appId))), { ...target, appId: appId.toUpperCase() }).explicit).toBe(
      true,
    );
    expect(effectOn(compilePolicy(policy()), target).explicit).toBe(false);
  });

  it.each([
    [
      true,
      'a templateId and the name that Microsoft gives',
      guid(9),
      'Microsoft-managed: Multifactor authentication for all users',
    ],
    [true, 'the same after a blank', guid(9), ' Microsoft-managed: Block device code flow'],
    [true, 'the same in other case', guid(9), 'MICROSOFT-MANAGED: Block legacy authentication'],
    [
      false,
      'a templateId alone, which templates chosen by administrators give too',
      guid(9),
      'Require MFA for all users',
    ],
    [
      false,
      'a name alone, which anybody can give',
      null,
      'Microsoft-managed: Multifactor authentication for all users',
    ],
    [false, 'the words somewhere in the name', guid(9), 'Copy of Microsoft-managed: Multifactor authentication'],
  ])('is Microsoft-managed, %s, for %s', (managed, _says, templateId, displayName) => {
    expect(effectOn(compilePolicy(policy({ templateId, displayName })), target).microsoftManaged).toBe(managed);
  });

  it.each([
    ['mfa', policy()],
    ['mfa', policy({ grantControls: controls({ termsOfUse: [guid(8)] }) })],
    ['mfa', policy({ grantControls: controls({ operator: 'XOR', builtInControls: ['mfa', 'compliantDevice'] }) })],
    ['mfa', policy(strength(['telepathy']))],
    ['block', policy(demanding('OR', 'block', 'faceScan'))],
    ['either', policy(demanding('OR', 'faceScan'))],
    ['either', policy(demanding('XOR', 'mfa', 'faceScan'))],
    ['nothing', policy({ grantControls: null })],
    ['nothing', policy(demanding('OR', 'compliantDevice'))],
  ] as const)('says that %s is at stake, decided or not', (demand, one) => {
    expect(effectOn(compilePolicy(one), target).demand).toBe(demand);
    expect(effectOn(compilePolicy({ ...one, unreadConditions: ['times'] }), target).demand).toBe(demand);
  });

  it('names the permission where reading the attributes would decide, and only there', () => {
    const filtered = (rule: string) =>
      effectOn(
        compilePolicy(policy({ applications: applications({ include: ['All'], filter: { ...filter, rule } }) })),
        target,
      );
    expect(filtered(filter.rule)).toMatchObject({ kind: 'undecided', needs: 'CustomSecAttributeAssignment.Read.All' });
    expect(filtered('x')).toMatchObject({ kind: 'undecided', needs: null });
    expect(effectOn(compilePolicy(policy({ unreadConditions: ['times'] })), target).needs).toBeNull();
  });

  it.each([
    [true, { grantControls: null }],
    [true, {}],
    [false, { grantControls: null, state: 'disabled' }],
    [false, { grantControls: null, state: 'enabledForReportingButNotEnforced' }],
    [false, { grantControls: null, applications: applications({ include: ['Office365'] }) }],
    [false, { grantControls: null, clientAppTypes: ['browser'] }],
    [false, { grantControls: null, signInFrequency: null }],
  ] as const)('notes a sign-in that is asked for every time: %s with %j', (everyTime, over) => {
    const one = policy({ signInFrequency: 'everyTime', ...over });
    expect(effectOn(compilePolicy(one), target).everyTime).toBe(everyTime);
  });

  it('names the rows that decided', () => {
    const effect = effectOn(compilePolicy(policy({ users: users({ includeGroups: [guid(5)] }) })), target);
    expect(effect.reasons.map(({ row }) => row)).toEqual([7, 14, 16, 26]);
    const open = policy({ unreadConditions: ['times'], signInRiskLevels: ['extreme'], userRiskLevels: ['low'] });
    expect(effectOn(compilePolicy(open), target).reasons.map(({ words }) => words)).toEqual([
      'unknown sign-in risk: extreme',
      'unknown condition: times',
    ]);
  });

  it.each([
    users({ includeUsers: ['All'] }),
    users({ includeUsers: ['None', guid(5)] }),
    users({ includeGroups: [guid(5)] }),
    users({ includeRoles: [guid(5)] }),
    users({ includesGuests: true }),
  ])('is not over with workload identities where users are meant too: %j', (who) => {
    const effect = effectOn(compilePolicy(policy({ users: who, selectsWorkloadIdentities: true })), target);
    expect(effect).toMatchObject({ kind: 'undecided', reasons: [{ row: 32 }] });
  });

  it.each([`${guid(99)}0`, `0${guid(99)}`])('takes %s for a keyword that is not known, not for an appId', (entry) => {
    expect(effectOn(compilePolicy(policy(including(entry))), target).kind).toBe('undecided');
  });

  it('names no more than the exclusion where the app is excluded', () => {
    const one = policy({
      applications: applications({ include: ['All'], exclude: [appId] }),
      clientAppTypes: ['browser'],
    });
    expect(effectOn(compilePolicy(one), target).reasons.map(({ row }) => row)).toEqual([6]);
  });

  it('is undecided in a state that is not known, even where the app is excluded', () => {
    const one = policy({ applications: applications({ include: ['All'], exclude: [appId] }), state: 'new' });
    expect(effectOn(compilePolicy(one), target)).toMatchObject({ kind: 'undecided', spared: false });
  });

  it('says that an exclusion spared the app only where there is something to be spared', () => {
    const excluding = applications({ include: ['All'], exclude: [appId] });
    const elsewhere = applications({ include: ['Office365'], exclude: [appId] });
    expect(effectOn(compilePolicy(policy({ applications: excluding })), target).spared).toBe(true);
    expect(effectOn(compilePolicy(policy({ applications: elsewhere })), target).spared).toBe(false);
    expect(effectOn(compilePolicy(policy({ applications: excluding, state: 'disabled' })), target).spared).toBe(false);
  });
});
