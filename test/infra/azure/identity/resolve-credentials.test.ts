import { describe, expect, it } from 'vitest';
import { resolveEndpoints } from '../../../../infra/azure/endpoints.ts';
import type { SignedIn } from '../../../../infra/azure/identity/first-that-works.ts';
import { commandLineToolsClientId, type Asking } from '../../../../infra/azure/identity/person-sign-in.ts';
import { resolveApiCredential, resolveCredentials } from '../../../../infra/azure/identity/resolve-credentials.ts';
import { SignInRefused } from '../../../../infra/azure/identity/sign-in-refused.ts';
import { fakeIdentities, type Answers } from './fake-identities.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const ownClient = '99999999-2222-4333-8444-555555555555';
const local = { KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:7070', KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:7070' };
const graphDefault = 'https://graph.microsoft.com/.default';

interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly asking?: Asking;
  readonly answers?: Answers;
  readonly caller?: 'person' | 'workload';
}

function signIn({ env = {}, asking = 'none', answers = {}, caller = 'person' }: Around) {
  const identities = fakeIdentities(answers);
  const told: SignedIn[] = [];
  const prompts: string[] = [];
  const credentials = resolveCredentials({
    caller,
    endpoints: resolveEndpoints(env),
    env,
    tenantId,
    prompt: (text) => prompts.push(text),
    now: () => 0,
    person: {
      asking,
      graphScopes: () => ['Application.Read.All', 'Policy.Read.All'],
      signedIn: (signedIn) => told.push(signedIn),
    },
    identities,
  });
  return { ...credentials, identities, told, prompts };
}

function refusalOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error('was not refused')),
    (error: unknown) => (error instanceof SignInRefused ? error : Promise.reject(error as Error)),
  );
}

describe('a person who signs in for Azure Resource Manager', () => {
  it('is asked nothing before the first token', () => {
    const { identities, prompts } = signIn({ asking: 'browser' });

    expect(identities.asked).toEqual([]);
    expect(prompts).toEqual([]);
  });

  it('does so with az where that works, and is asked nothing', async () => {
    const { arm, identities, told, prompts } = signIn({ asking: 'browser', answers: { az: 'of-az' } });

    expect((await arm.getToken('scope'))?.token).toBe('of-az');
    expect(identities.asked).toEqual([{ kind: 'az', scopes: ['scope'] }]);
    expect(prompts).toEqual([]);
    expect(told).toEqual([{ api: 'Azure Resource Manager', method: 'az', clientId: null, refused: [] }]);
  });

  it('does so by browser where az does not work, told before it opens', async () => {
    const { arm, told, prompts } = signIn({ asking: 'browser', answers: { browser: 'of-browser' } });

    expect((await arm.getToken('scope'))?.token).toBe('of-browser');
    expect(prompts).toEqual(['Sign in for Azure Resource Manager in the browser that opens.']);
    expect(told).toMatchObject([{ method: 'browser', refused: [{ method: 'az', reason: 'az is not there' }] }]);
  });

  it('does so by device code where no browser can open', async () => {
    const { arm, told, prompts } = signIn({ asking: 'device-code', answers: { deviceCode: 'of-code' } });

    expect((await arm.getToken('scope'))?.token).toBe('of-code');
    expect(prompts).toEqual(['For Azure Resource Manager: type ABC at https://example.com']);
    expect(told).toMatchObject([{ method: 'device code' }]);
  });

  it('is refused, and not asked, where nobody is at a terminal', async () => {
    const { arm, identities } = signIn({ asking: 'none' });

    const { message } = await refusalOf(arm.getToken('scope'));

    expect(identities.made.map(({ kind }) => kind)).toEqual(['az']);
    expect(message.split('\n')).toEqual([
      'Signing in for Azure Resource Manager was refused: no way of signing in worked.',
      '  az: az is not there',
      '  device code: not asked, since nobody is at a terminal',
      `Run \`az login --tenant ${tenantId}\`, or run this at a terminal to sign in by browser or device code.`,
    ]);
  });

  it('goes on with the way that worked, and asks no other again', async () => {
    const { arm, identities } = signIn({ asking: 'browser', answers: { browser: 'of-browser' } });

    await arm.getToken('a');
    await arm.getToken('b');

    expect(identities.asked.map(({ kind }) => kind)).toEqual(['az', 'browser', 'browser']);
  });
});

describe('a person who signs in for Microsoft Graph', () => {
  it.each([
    ['browser', 'browser'],
    ['device-code', 'deviceCode'],
  ] as const)('with a client of their own does so by %s, for all that it was consented', async (asking, kind) => {
    const env = { KERBWATCH_CLIENT_ID: ` ${ownClient} ` };
    const { graph, identities, told } = signIn({ env, asking, answers: { [kind]: 'of-client' } });

    expect((await graph.getToken(graphDefault))?.token).toBe('of-client');
    expect(identities.asked).toEqual([{ kind, scopes: [graphDefault] }]);
    expect(identities.made).toContainEqual({
      kind,
      options: expect.objectContaining({ clientId: ownClient }) as unknown,
    });
    expect(told).toMatchObject([{ api: 'Microsoft Graph', clientId: ownClient, refused: [] }]);
  });

  it.each(['browser', 'device-code'] as const)(
    "without one does so by device code with Microsoft's, for the scopes an audit needs (%s)",
    async (asking) => {
      const { graph, identities, told } = signIn({ asking, answers: { az: 'of-az', deviceCode: 'of-code' } });

      expect((await graph.getToken(graphDefault))?.token).toBe('of-code');
      expect(identities.asked).toEqual([
        {
          kind: 'deviceCode',
          scopes: ['https://graph.microsoft.com/Application.Read.All', 'https://graph.microsoft.com/Policy.Read.All'],
        },
      ]);
      expect(told).toMatchObject([{ method: 'device code', clientId: commandLineToolsClientId }]);
    },
  );

  it.each([
    ['none', 'not asked, since nobody is at a terminal'],
    ['device-code', 'deviceCode is not there'],
  ] as const)('does so with az as last resort (%s)', async (asking, reason) => {
    const { graph, identities, told } = signIn({ asking, answers: { az: 'of-az' } });

    expect((await graph.getToken(graphDefault))?.token).toBe('of-az');
    expect(identities.asked.at(-1)).toEqual({ kind: 'az', scopes: [graphDefault] });
    expect(told).toMatchObject([{ method: 'az', refused: [{ method: 'device code', reason }] }]);
  });

  it('does so with az too where their own client is refused, which is told', async () => {
    const env = { KERBWATCH_CLIENT_ID: ownClient };
    const { graph, identities, told } = signIn({ env, asking: 'browser', answers: { az: 'of-az' } });

    expect((await graph.getToken(graphDefault))?.token).toBe('of-az');
    expect(identities.asked.map(({ kind }) => kind)).toEqual(['browser', 'az']);
    expect(told).toMatchObject([{ method: 'az', refused: [{ method: 'browser', reason: 'browser is not there' }] }]);
  });

  it('is refused with what to do where nothing works', async () => {
    const { message } = await refusalOf(signIn({}).graph.getToken(graphDefault));

    expect(message).toMatch(
      /\n {2}device code: not asked.*\n {2}az: az is not there\nRun this at a terminal.*az login/u,
    );
  });
});

describe('a refusal', () => {
  it("tells Entra's own words without its trace ids", async () => {
    const entra =
      'invalid_grant: Error(s): 65001 - Timestamp: x - Description: AADSTS65001: Nobody consented. Trace ID: 1 Correlation ID: 2\r\nmore';
    const { graph } = signIn({ asking: 'device-code', answers: { deviceCode: new Error(entra) } });

    const { message } = await refusalOf(graph.getToken(graphDefault));

    expect(message).toContain('\n  device code: AADSTS65001: Nobody consented.\n');
  });

  it('keeps what was thrown as its cause', async () => {
    const cause = new Error('no az');
    const refused = await refusalOf(signIn({ answers: { az: cause } }).arm.getToken('scope'));

    expect((refused.cause as AggregateError).errors).toEqual([cause]);
  });

  it('is none where somebody pressed Ctrl-C: no other way is tried then', async () => {
    const abort = Object.assign(new Error('aborted'), { name: 'AbortError' });
    const { arm, identities } = signIn({ asking: 'browser', answers: { az: abort, browser: 'of-browser' } });

    await expect(arm.getToken('scope')).rejects.toBe(abort);
    expect(identities.asked).toHaveLength(1);
  });
});

describe('the identities', () => {
  it.each([
    ['AzurePublic', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    ['AzureUSGovernment', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['AzureChinaCloud', 'https://login.chinacloudapi.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('of %s are made for its tenant, authority and Graph', async (cloud, authorityHost, graphOrigin) => {
    const { graph, identities } = signIn({
      env: { AZURE_CLOUD: cloud },
      asking: 'browser',
      answers: { deviceCode: 'of-code' },
    });
    await graph.getToken(`${graphOrigin}/.default`);

    expect(identities.made).toEqual([
      { kind: 'az', options: { tenantId } },
      { kind: 'browser', options: { tenantId, authorityHost, clientId: null } },
      { kind: 'deviceCode', options: { tenantId, authorityHost, clientId: commandLineToolsClientId } },
    ]);
    expect(identities.asked[0]?.scopes).toEqual([
      `${graphOrigin}/Application.Read.All`,
      `${graphOrigin}/Policy.Read.All`,
    ]);
  });

  it.each([
    ['id', { AZURE_CLIENT_ID: ownClient }, ownClient],
    ['none', {}, null],
  ])('of a workload are the managed one alone (%s)', async (_, env, clientId) => {
    const { arm, graph, identities } = signIn({ env, caller: 'workload', answers: { managedIdentity: 'managed' } });

    expect((await arm.getToken('x'))?.token).toBe('managed');
    expect((await graph.getToken('x'))?.token).toBe('managed');
    expect(identities.made).toEqual([{ kind: 'managedIdentity', options: { clientId } }]);
  });
});

describe('a cloud on this machine', () => {
  it('takes KERBWATCH_TOKEN for both APIs', async () => {
    const { arm, graph, identities } = signIn({ env: { ...local, KERBWATCH_TOKEN: 'secret' } });

    expect((await arm.getToken('x'))?.token).toBe('secret');
    expect((await graph.getToken('x'))?.token).toBe('secret');
    expect(identities.made).toEqual([]);
  });

  it('gets no real token in the clear', async () => {
    const answers = { az: 'real', browser: 'real', deviceCode: 'real' };
    const { arm, graph, identities } = signIn({ env: local, asking: 'browser', answers });

    expect((await refusalOf(arm.getToken('x'))).message).toMatch(/plain http.*KERBWATCH_TOKEN/u);
    await refusalOf(graph.getToken('x'));
    expect(identities.asked).toEqual([]);
  });
});

describe('a person who signs in for the API of Kerbwatch', () => {
  const scope = 'api://kerbwatch/.default';

  function apiSignIn(asking: Asking, answers: Answers, address = 'https://func.example.net/api') {
    const identities = fakeIdentities(answers);
    const told: SignedIn[] = [];
    const credential = resolveApiCredential(
      {
        caller: 'person',
        endpoints: resolveEndpoints({}),
        env: {},
        tenantId,
        prompt: () => undefined,
        now: () => 0,
        person: { asking, graphScopes: () => ['Policy.Read.All'], signedIn: (signedIn) => told.push(signedIn) },
        identities,
      },
      address,
    );
    return { token: () => credential.getToken(scope), identities, told };
  }

  it.each<[string, Asking, Answers, readonly string[]]>([
    ['az', 'browser', { az: 'real' }, ['az']],
    ['a browser, where az has none', 'browser', { browser: 'real' }, ['az', 'browser']],
    ['a device code, where there is no browser', 'device-code', { deviceCode: 'real' }, ['az', 'deviceCode']],
  ])('does so as for ARM, by %s, and asks for that audience alone', async (_, asking, answers, asked) => {
    const { token, identities, told } = apiSignIn(asking, answers);

    expect((await token())?.token).toBe('real');
    expect(identities.asked).toEqual(asked.map((kind) => ({ kind, scopes: [scope] })));
    expect(told).toMatchObject([{ api: 'the Kerbwatch API' }]);
  });

  it('is told how to, where nothing works', async () => {
    const { token } = apiSignIn('none', {});
    expect((await refusalOf(token())).message).toMatch(/Kerbwatch API[^]*az login --tenant/u);
  });

  it('gets no real token in the clear', async () => {
    const { token, identities } = apiSignIn('browser', { az: 'real' }, 'http://127.0.0.1:7071/api');
    expect((await refusalOf(token())).message).toContain('plain http');
    expect(identities.asked).toEqual([]);
  });
});
