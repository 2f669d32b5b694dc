import { describe, expect, it } from 'vitest';
import type { WireObject } from '../../../../infra/local/azure/wire-object.ts';
import { errorIn, listIn, put, smallTenant, startedAzure } from './started-azure.ts';

const path = '/v1.0/identity/conditionalAccess/evaluate';
const user = 'user-1';
const app = 'app-1';

const everyone = {
  state: 'enabled',
  conditions: { users: { includeUsers: ['All'] }, applications: { includeApplications: ['All'] } },
};

function withConditions(conditions: WireObject): WireObject {
  return { ...everyone, conditions: { ...everyone.conditions, ...conditions } };
}

function asked(over: WireObject = {}): WireObject {
  return {
    signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId: user },
    signInContext: { '@odata.type': '#microsoft.graph.applicationContext', includeApplications: [app] },
    signInConditions: { devicePlatform: 'windows', clientAppType: 'mobileAppsAndDesktopClients' },
    ...over,
  };
}

describe('the what-if of the embedded cloud', () => {
  it.each<[string, WireObject, string]>([
    ['all users and all apps', everyone, 'notSet'],
    ['report-only', { ...everyone, state: 'enabledForReportingButNotEnforced' }, 'notSet'],
    ['disabled', { ...everyone, state: 'disabled' }, 'policyNotEnabled'],
    ['the user', withConditions({ users: { includeUsers: [user.toUpperCase()] } }), 'notSet'],
    ['another user', withConditions({ users: { includeUsers: ['user-2'] } }), 'users'],
    ['all users but this', withConditions({ users: { includeUsers: ['All'], excludeUsers: [user] } }), 'users'],
    ['a group', withConditions({ users: { includeGroups: ['group-1'] } }), 'notEnoughInformation'],
    ['the app', withConditions({ applications: { includeApplications: [app] } }), 'notSet'],
    ['another app', withConditions({ applications: { includeApplications: ['app-2'] } }), 'application'],
    [
      'all apps but this',
      withConditions({ applications: { includeApplications: ['All'], excludeApplications: [app] } }),
      'application',
    ],
    ['browsers', withConditions({ clientAppTypes: ['browser'] }), 'clientApps'],
    ['desktop clients', withConditions({ clientAppTypes: ['mobileAppsAndDesktopClients'] }), 'notSet'],
    ['macOS', withConditions({ platforms: { includePlatforms: ['macOS'] } }), 'devicePlatform'],
    [
      'all platforms but Windows',
      withConditions({ platforms: { includePlatforms: ['all'], excludePlatforms: ['windows'] } }),
      'devicePlatform',
    ],
    ['a place', withConditions({ locations: { includeLocations: ['All'] } }), 'notEnoughInformation'],
    [
      'no user and no app',
      { ...everyone, conditions: { users: { includeUsers: ['None'] }, applications: {} } },
      'users,application',
    ],
  ])('answers for a policy for %s', async (_what, policy, reasons) => {
    const tenant = smallTenant();
    put(tenant, 'conditional-access-policies', { id: 'policy-1', displayName: 'One', ...policy });
    const { call } = await startedAzure(tenant);

    const [result] = listIn(await call('POST', path, asked()));

    expect(result).toMatchObject({
      id: 'policy-1',
      displayName: 'One',
      policyApplies: reasons === 'notSet',
      analysisReasons: reasons,
    });
  });

  it('gives only policies that apply where it is asked so', async () => {
    const tenant = smallTenant();
    put(tenant, 'conditional-access-policies', { id: 'on', ...everyone });
    put(tenant, 'conditional-access-policies', { id: 'off', ...everyone, state: 'disabled' });
    const { call } = await startedAzure(tenant);

    expect(listIn(await call('POST', path, asked({ appliedPoliciesOnly: true }))).map(({ id }) => id)).toEqual(['on']);
    expect(listIn(await call('POST', path, asked()))).toHaveLength(2);
  });

  it('is 403 where policies may not be read, and 400 without a user or an app', async () => {
    const { azure, call } = await startedAzure();

    const statuses = [
      await call('POST', path, asked({ signInIdentity: {} })),
      await call('POST', path, asked({ signInContext: {} })),
    ];
    azure.faults.forbid('conditional-access-policies');
    const refused = await call('POST', path, asked());

    expect(statuses.map(({ status }) => status)).toEqual([400, 400]);
    expect(errorIn(refused)).toMatchObject({ code: 'Authorization_RequestDenied' });
    expect(refused.status).toBe(403);
  });
});
