import { describe, expect, it } from 'vitest';
import { parseConditionalAccessPolicy } from '../../../infra/wire/conditional-access-policy.ts';

/** A list response of Graph v1.0, with the annotations it carries. */
const policy = {
  '@odata.type': '#microsoft.graph.conditionalAccessPolicy',
  id: '0A0A0A0A-0000-4000-8000-000000000001',
  templateId: null,
  displayName: 'Require MFA for everyone',
  createdDateTime: '2026-01-01T00:00:00Z',
  modifiedDateTime: null,
  state: 'enabled',
  sessionControls: null,
  conditions: {
    clientAppTypes: ['all'],
    signInRiskLevels: [],
    userRiskLevels: [],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: null,
    platforms: null,
    locations: null,
    devices: null,
    clientApplications: null,
    authenticationFlows: null,
    applications: {
      includeApplications: ['All'],
      excludeApplications: ['BBBB0000-0000-4000-8000-000000000001'],
      includeUserActions: [],
      includeAuthenticationContextClassReferences: [],
      applicationFilter: null,
    },
    users: {
      'includeUsers@odata.type': '#Collection(String)',
      includeUsers: ['All'],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [],
      includeRoles: [],
      excludeRoles: [],
      includeGuestsOrExternalUsers: null,
      excludeGuestsOrExternalUsers: null,
    },
  },
  grantControls: {
    operator: 'OR',
    builtInControls: ['mfa'],
    customAuthenticationFactors: [],
    termsOfUse: [],
    'authenticationStrength@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#…',
    authenticationStrength: null,
  },
};

function withConditions(conditions: object) {
  return { ...policy, conditions: { ...policy.conditions, ...conditions } };
}

function parsed(conditions: object) {
  return parseConditionalAccessPolicy(withConditions(conditions));
}

describe('a Conditional Access policy from the wire', () => {
  it('reads a listed policy, with nothing unread in it', () => {
    expect(parseConditionalAccessPolicy(policy)).toMatchObject({
      id: policy.id.toLowerCase(),
      displayName: 'Require MFA for everyone',
      templateId: null,
      state: 'enabled',
      applications: { include: ['All'], exclude: ['BBBB0000-0000-4000-8000-000000000001'], filter: null },
      users: { includeUsers: ['All'], includesGuests: false },
      selectsWorkloadIdentities: false,
      clientAppTypes: [],
      unreadConditions: [],
      grantControls: { operator: 'OR', builtInControls: ['mfa'], authenticationStrength: null },
      signInFrequency: null,
    });
  });

  it('reads the body of a policy that does not exist yet: no id, no list that is not set', () => {
    const body = {
      displayName: 'New',
      state: 'disabled',
      conditions: { applications: { includeApplications: ['All'] }, users: { includeUsers: ['All'] } },
      grantControls: { operator: 'OR', builtInControls: ['block'] },
    };

    expect(parseConditionalAccessPolicy(body)).toMatchObject({
      id: null,
      clientAppTypes: [],
      platforms: { include: [], exclude: [] },
      users: { excludeUsers: [], includeGroups: [] },
      unreadConditions: [],
      grantControls: { builtInControls: ['block'], termsOfUse: [] },
    });
  });

  it.each([
    ['null', null],
    ['missing', undefined],
    ['empty', []],
    ['all', ['all']],
    ['all, capitalised', ['All']],
    ['all among others', ['browser', 'all']],
  ])('takes clientAppTypes %s for not set', (_, clientAppTypes) => {
    expect(parsed({ clientAppTypes }).clientAppTypes).toEqual([]);
  });

  it('spells known words as documented and keeps unknown ones', () => {
    const read = parseConditionalAccessPolicy({
      ...withConditions({
        clientAppTypes: ['MobileAppsAndDesktopClients', 'holograms'],
        applications: { includeApplications: ['all'], excludeApplications: ['office365', 'SomeNewSuite'] },
        platforms: { includePlatforms: ['Windows', 'ios'] },
        signInRiskLevels: ['High'],
      }),
      state: 'EnabledForReportingButNotEnforced',
      grantControls: { operator: 'and', builtInControls: ['Mfa', 'CompliantDevice', 'retinaScan'] },
    });

    expect(read).toMatchObject({
      state: 'enabledForReportingButNotEnforced',
      clientAppTypes: ['mobileAppsAndDesktopClients', 'holograms'],
      applications: { include: ['All'], exclude: ['Office365', 'SomeNewSuite'] },
      platforms: { include: ['windows', 'iOS'] },
      signInRiskLevels: ['high'],
      grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice', 'retinaScan'] },
    });
  });

  it('keeps a state it does not know', () => {
    expect(parseConditionalAccessPolicy({ ...policy, state: 'enabledOnFridays' }).state).toBe('enabledOnFridays');
  });

  it.each([
    ['times', { times: { includedRanges: [{}] } }],
    ['deviceStates', { deviceStates: { includeStates: ['All'] } }],
    ['somethingNew', { somethingNew: false }],
    ['devices.includeDeviceStates', { devices: { includeDeviceStates: ['All'], deviceFilter: null } }],
    ['applications.includeThings', { applications: { ...policy.conditions.applications, includeThings: ['x'] } }],
    ['users.includeAgents', { users: { ...policy.conditions.users, includeAgents: ['x'] } }],
    ['platforms.versions', { platforms: { includePlatforms: ['all'], versions: '10' } }],
    ['locations.networks', { locations: { includeLocations: ['All'], networks: ['x'] } }],
    ['authenticationFlows.newFlow', { authenticationFlows: { newFlow: 'x' } }],
    [
      'users.includeGuestsOrExternalUsers.newKind',
      { users: { ...policy.conditions.users, includeGuestsOrExternalUsers: { newKind: 'x' } } },
    ],
  ])('names %s as a condition it cannot read', (name, conditions) => {
    expect(parsed(conditions).unreadConditions).toEqual([name]);
  });

  it.each([
    ['null', { times: null }],
    ['an empty list', { deviceStates: [] }],
    ['an annotation', { 'times@odata.type': '#x' }],
    ['an object of which only the type is there', { times: { '@odata.type': '#microsoft.graph.times', ranges: [] } }],
    ['an empty member of a known part', { devices: { includeDeviceStates: [], excludeDevices: null } }],
  ])('passes over an unknown condition that is %s', (_, conditions) => {
    expect(parsed(conditions).unreadConditions).toEqual([]);
  });

  it('counts partial enablement, which stands beside the conditions', () => {
    const partial = { ...policy, partialEnablementStrategy: { percentage: 5 } };

    expect(parseConditionalAccessPolicy(partial).unreadConditions).toEqual(['partialEnablementStrategy']);
    expect(parseConditionalAccessPolicy({ ...policy, partialEnablementStrategy: null }).unreadConditions).toEqual([]);
  });

  it.each([
    ['clientApplications', { clientApplications: { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] } }, true],
    ['agents', { agents: { includeAgents: ['All'] } }, true],
    ['servicePrincipalRiskLevels', { servicePrincipalRiskLevels: ['high'] }, true],
    ['agentIdRiskLevels', { agentIdRiskLevels: 'high' }, true],
    ['clientApplications without entries', { clientApplications: { includeServicePrincipals: [] } }, false],
  ])('sees whether %s selects workload identities', (_, conditions, expected) => {
    const read = parsed(conditions);

    expect(read.selectsWorkloadIdentities).toBe(expected);
    expect(read.unreadConditions).toEqual([]);
  });

  it.each([
    ['types', { guestOrExternalUserTypes: 'internalGuest,b2bCollaborationGuest', externalTenants: null }, true],
    ['none', { guestOrExternalUserTypes: 'none', externalTenants: { membershipKind: 'all' } }, false],
    ['only tenants', { externalTenants: { '@odata.type': '#x', membershipKind: 'all' } }, true],
    ['null', null, false],
  ])('sees guests given by %s', (_, includeGuestsOrExternalUsers, expected) => {
    expect(parsed({ users: { includeGuestsOrExternalUsers } }).users.includesGuests).toBe(expected);
  });

  it('splits flags and drops none', () => {
    const read = parsed({
      insiderRiskLevels: 'minor,Elevated',
      authenticationFlows: { transferMethods: 'deviceCodeFlow, authenticationTransfer' },
    });

    expect(read.insiderRiskLevels).toEqual(['minor', 'elevated']);
    expect(read.transferMethods).toEqual(['deviceCodeFlow', 'authenticationTransfer']);
    expect(parsed({ authenticationFlows: { transferMethods: 'none' } }).transferMethods).toEqual([]);
  });

  it('keeps filters with their mode', () => {
    const rule = 'device.isCompliant -eq True';

    expect(parsed({ devices: { deviceFilter: { mode: 'Exclude', rule } } }).deviceFilter).toEqual({
      mode: 'exclude',
      rule,
    });
    expect(parsed({ devices: { deviceFilter: { '@odata.type': '#x' } } }).deviceFilter).toBeNull();
  });

  it.each([
    ['null', null],
    ['missing', undefined],
    ['without any control', { operator: 'OR', builtInControls: [], authenticationStrength: { '@odata.type': '#x' } }],
  ])('demands nothing when grant controls are %s', (_, grantControls) => {
    expect(parseConditionalAccessPolicy({ ...policy, grantControls }).grantControls).toBeNull();
  });

  it('reads an authentication strength and keeps its combinations whole', () => {
    const authenticationStrength = {
      id: '00000000-0000-0000-0000-000000000002',
      displayName: 'MFA',
      policyType: 'BuiltIn',
      requirementsSatisfied: 'Mfa',
      allowedCombinations: ['password,softwareOath'],
    };
    const read = parseConditionalAccessPolicy({ ...policy, grantControls: { operator: 'OR', authenticationStrength } });

    expect(read.grantControls?.authenticationStrength).toEqual({
      ...authenticationStrength,
      policyType: 'builtIn',
      requirementsSatisfied: 'mfa',
    });
  });

  it('reads a strength of which an export gives the id alone, beside annotations', () => {
    const grantControls = {
      operator: 'OR',
      'authenticationStrength@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#…',
      authenticationStrength: { '@odata.type': '#x', id: '00000000-0000-0000-0000-000000000004' },
    };

    expect(parseConditionalAccessPolicy({ ...policy, grantControls }).grantControls).toEqual({
      operator: 'OR',
      builtInControls: [],
      customAuthenticationFactors: [],
      termsOfUse: [],
      authenticationStrength: {
        id: '00000000-0000-0000-0000-000000000004',
        displayName: null,
        policyType: null,
        requirementsSatisfied: null,
        allowedCombinations: [],
      },
    });
  });

  it('takes empty words of a list for not set', () => {
    const read = parsed({
      signInRiskLevels: ['', null],
      clientAppTypes: [''],
      users: { includeUsers: ['', 'all'], includeGroups: [null] },
    });

    expect(read.signInRiskLevels).toEqual([]);
    expect(read.clientAppTypes).toEqual([]);
    expect(read.users).toMatchObject({ includeUsers: ['All'], includeGroups: [] });
  });

  it('reads what beta adds without a doubt where it is not set', () => {
    const beta = {
      agents: null,
      agentIdRiskLevels: null,
      times: null,
      deviceStates: null,
      devices: {
        includeDevices: [],
        excludeDevices: [],
        includeDeviceStates: [],
        excludeDeviceStates: [],
        deviceFilter: null,
      },
      clientApplications: {
        includeServicePrincipals: [],
        excludeServicePrincipals: [],
        includeAgentIdServicePrincipals: [],
        servicePrincipalFilter: null,
      },
      applications: { ...policy.conditions.applications, globalSecureAccess: null, networkAccess: {} },
    };

    // What a write rests on is kept as it came.
    expect({ ...parsed(beta), asRead: undefined }).toEqual({ ...parsed({}), asRead: undefined });
  });

  it('turns a grant control that has a new member of its own into an unknown control', () => {
    const grantControls = { operator: 'OR', builtInControls: [], proofOfResidence: ['passport'] };

    expect(parseConditionalAccessPolicy({ ...policy, grantControls }).grantControls?.builtInControls).toEqual([
      'grantControls.proofOfResidence',
    ]);
  });

  it.each([
    ['everyTime', { frequencyInterval: 'everyTime', isEnabled: true }],
    [null, { frequencyInterval: 'everyTime', isEnabled: false }],
    [null, { frequencyInterval: 'timeBased', value: 4, type: 'hours', isEnabled: true }],
  ])('reads a sign-in frequency of %s', (expected, signInFrequency) => {
    const read = parseConditionalAccessPolicy({ ...policy, sessionControls: { signInFrequency } });

    expect(read.signInFrequency).toBe(expected);
  });

  it.each([
    ['a text', 'odd'],
    ['a number', 4],
    ['a frequency that is no object', { signInFrequency: 'odd' }],
    ['an interval that is no text', { signInFrequency: { frequencyInterval: 4 } }],
  ])(
    'does not refuse a policy for session controls in an odd shape, which decide nothing: %s',
    (_, sessionControls) => {
      expect(parseConditionalAccessPolicy({ ...policy, sessionControls }).signInFrequency).toBeNull();
    },
  );

  it.each([
    ['state', { ...policy, state: undefined }],
    ['conditions', { ...policy, conditions: undefined }],
    ['conditions', { ...policy, conditions: null }],
    ['conditions.users.includeUsers', withConditions({ users: { includeUsers: 'All' } })],
  ])('refuses a policy whose %s would make it look harmless', (member, object) => {
    expect(() => parseConditionalAccessPolicy(object)).toThrow(`conditional access policy: ${member}: `);
  });

  it('keeps the section of its applications and the time of its last edit as they came', () => {
    const applications = { includeApplications: ['all'], excludeApplications: null, xyz: { a: [1] } };
    const modifiedDateTime = '2026-03-04T05:06:07.1234567Z';
    const object = { ...withConditions({ applications }), modifiedDateTime };

    expect(parseConditionalAccessPolicy(object).asRead).toEqual({ applications, modifiedDateTime });
    expect(parseConditionalAccessPolicy({ ...object, modifiedDateTime: null }).asRead?.modifiedDateTime).toBeNull();
  });

  it.each([
    ['the time of its last edit', { ...policy, modifiedDateTime: undefined }],
    ['a section of applications', withConditions({ applications: null })],
  ])('keeps nothing to write from without %s', (_, object) => {
    expect(parseConditionalAccessPolicy(object).asRead).toBeUndefined();
  });
});
