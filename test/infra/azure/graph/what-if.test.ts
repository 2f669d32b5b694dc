import { describe, expect, it } from 'vitest';
import { findUser } from '../../../../infra/azure/graph/find-user.ts';
import { evaluateSignIn } from '../../../../infra/azure/graph/what-if.ts';
import { graphServer, type GraphReply } from '../graph-server.ts';
import { channelForTest } from './channel-for-test.ts';

const userId = '00000000-0000-4000-8000-000000000009';
const appId = '00000000-0000-4000-8000-00000000000a';
const policyId = 'ABCDEF00-0000-4000-8000-000000000001';

const result = {
  '@odata.type': '#microsoft.graph.whatIfAnalysisResult',
  id: policyId,
  displayName: 'Require MFA',
  state: 'enabled',
  conditions: { applications: { includeApplications: ['All'] }, users: { includeUsers: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  policyApplies: false,
  analysisReasons: 'users, application,somethingNew',
};

async function evaluated(...replies: readonly GraphReply[]) {
  let next = 0;
  const { origin, seen } = await graphServer(() => replies[next++] ?? { status: 500 });
  const reading = await evaluateSignIn(channelForTest(origin, { maxRetries: 0 }).graph, userId, appId);
  return { reading, seen, origin };
}

describe('a what-if evaluation', () => {
  it('asks for every policy, for a mount on a compliant Windows device without risk', async () => {
    const { seen } = await evaluated({ body: { value: [] } });

    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1.0/identity/conditionalAccess/evaluate',
    ]);
    expect(seen[0]?.body).toEqual({
      signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
      signInContext: { '@odata.type': '#microsoft.graph.applicationContext', includeApplications: [appId] },
      signInConditions: {
        devicePlatform: 'windows',
        clientAppType: 'mobileAppsAndDesktopClients',
        signInRiskLevel: 'none',
        userRiskLevel: 'none',
        country: 'US',
        ipAddress: '203.0.113.5',
        deviceInfo: { isCompliant: true },
      },
      appliedPoliciesOnly: false,
    });
  });

  it('gives an answer for each policy, with unknown reasons kept', async () => {
    const applying = { ...result, id: 'x', policyApplies: true, analysisReasons: 'notSet' };

    const { reading } = await evaluated({ body: { value: [result, applying] } });

    expect(reading).toMatchObject({
      state: 'read',
      answers: [
        {
          policyId: policyId.toLowerCase(),
          applies: false,
          reasons: ['users', 'application', 'somethingNew'],
          policy: { id: policyId.toLowerCase(), displayName: 'Require MFA' },
        },
        { policyId: 'x', applies: true, reasons: [] },
      ],
    });
  });

  it('leaves open what Entra does not say, and a policy in a shape that is not known', async () => {
    const { reading } = await evaluated({ body: { value: [{ id: 'x', conditions: 5 }] } });

    expect(reading).toEqual({
      state: 'read',
      answers: [{ policyId: 'x', applies: null, reasons: [], policy: null }],
    });
  });

  it('reads every page', async () => {
    const pages: GraphReply[] = [];
    const { origin, seen } = await graphServer((_asked, own) => {
      const last = pages.push({}) > 1;
      return { body: { value: [result], ...(last ? {} : { '@odata.nextLink': `${own}/v1.0/next?p=2` }) } };
    });

    const reading = await evaluateSignIn(channelForTest(origin).graph, userId, appId);

    expect(reading).toMatchObject({ state: 'read', answers: [{}, {}] });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it.each<[string, GraphReply, object]>([
    ['a refusal', { status: 403, body: {} }, { reason: 'forbidden', needs: 'Policy.Read.ConditionalAccess' }],
    ['a refused token', { status: 401, body: {} }, { reason: 'unauthorized', needs: 'Policy.Read.ConditionalAccess' }],
    ['a fault', { status: 500, body: {} }, { reason: 'server-error', needs: null }],
    ['no list', { body: { value: 5 } }, { reason: 'malformed', needs: null }],
    ['a result without an id', { body: { value: [{}] } }, { reason: 'malformed', needs: null }],
    [
      'a next link to elsewhere',
      { body: { value: [], '@odata.nextLink': 'https://elsewhere.example/v1.0/x' } },
      { reason: 'malformed', needs: null },
    ],
  ])('is unreadable for %s', async (_what, reply, failure) => {
    expect((await evaluated(reply)).reading).toEqual({ state: 'unreadable', failure });
  });
});

describe('the user', () => {
  async function found(user: string, reply: GraphReply) {
    const { origin, seen } = await graphServer(() => reply);
    return { reading: await findUser(channelForTest(origin, { maxRetries: 0 }).graph, user), seen };
  }

  it('named by object id is not looked up', async () => {
    const { reading, seen } = await found(userId.toUpperCase(), { status: 500 });

    expect(reading).toEqual({ state: 'found', id: userId });
    expect(seen).toEqual([]);
  });

  it('named by user principal name is, whatever signs are in it', async () => {
    const { reading, seen } = await found('adele#EXT#@contoso.com', { body: { id: userId } });

    expect(reading).toEqual({ state: 'found', id: userId });
    expect(seen.map(({ url }) => url)).toEqual(['/v1.0/users/adele%23EXT%23%40contoso.com?$select=id']);
  });

  it.each<[number, object]>([
    [404, { state: 'absent' }],
    [400, { state: 'absent' }],
    [403, { state: 'unreadable', failure: { reason: 'forbidden', needs: 'User.ReadBasic.All' } }],
    [200, { state: 'unreadable', failure: { reason: 'malformed', needs: null } }],
  ])('where Graph answers %i and nothing else', async (status, reading) => {
    expect((await found('adele@contoso.com', { status, body: {} })).reading).toEqual(reading);
  });
});
