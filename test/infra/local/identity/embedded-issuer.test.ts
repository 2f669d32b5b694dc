import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCallerCheck } from '../../../../infra/api/auth/check-caller.ts';
import { createLocalAzure, type LocalAzure } from '../../../../infra/local/azure/server.ts';
import { createLocalIssuer, type LocalIssuer } from '../../../../infra/local/identity/issuer.ts';
import { approver, operator, people, securityLead } from '../../../../infra/local/identity/people.ts';
import { smallTenant, tenantId } from '../azure/started-azure.ts';

const audience = 'api://kerbwatch';
const secret = 'the-secret-of-this-run';
const start = Date.UTC(2026, 10, 21, 10);
const scope = `${audience}/.default`;

let now = start;
let azure: LocalAzure;

interface Started {
  readonly issuer: LocalIssuer;
  readonly azure: LocalAzure;
}

async function started(): Promise<Started> {
  let made = 0;
  const newGuid = (): string => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`;
  const issuer = createLocalIssuer({ tenantId, audience, clock: () => new Date(now), newGuid });
  const server = createLocalAzure({
    tenant: smallTenant(),
    token: 'the-workload-token',
    identity: { issuer, secret },
    onEvent: () => undefined,
    clock: () => new Date(now),
    newGuid,
  });
  await server.start();
  return { issuer, azure: server };
}

beforeEach(async () => {
  now = start;
  ({ azure } = await started());
});

afterEach(() => azure.stop());

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly error?: string;
}

async function ask(over: Readonly<Record<string, string>> = {}): Promise<{ status: number; answer: TokenAnswer }> {
  const form = { grant_type: 'client_credentials', client_id: 'operator', client_secret: secret, scope, ...over };
  const response = await fetch(`${azure.origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, answer: (await response.json()) as TokenAnswer };
}

/** The API's check of callers in an app over this embedded cloud, or over what `over` makes of it. */
function check(over: Readonly<Record<string, string | undefined>> = {}): ReturnType<typeof createCallerCheck> {
  const env = {
    KERBWATCH_ARM_ENDPOINT: azure.origin,
    KERBWATCH_GRAPH_ENDPOINT: azure.origin,
    KERBWATCH_ISSUER: `${azure.origin}/${tenantId}/v2.0`,
    KERBWATCH_API_AUDIENCE: audience,
    ...over,
  };
  return createCallerCheck({ env, tenantId, fetch });
}

const bearer = (token: string): Headers => new Headers({ authorization: `Bearer ${token}` });

describe('The issuer of the embedded cloud', () => {
  it.each(people.map((person) => [person.name, person] as const))(
    'gives the %s a token with which the API knows who it is and what it may',
    async (name, person) => {
      for (const id of [name, person.objectId]) {
        const { status, answer } = await ask({ client_id: id });
        expect([status, answer.expires_in]).toEqual([200, 3600]);
        expect(await check()(bearer(answer.access_token), now)).toEqual({
          caller: { actor: { kind: 'user', objectId: person.objectId }, roles: person.roles },
        });
      }
    },
  );

  it('has an approver who is not the operator, and an auditor who may change nothing', () => {
    expect(new Set(people.map(({ objectId }) => objectId)).size).toBe(people.length);
    expect(operator.roles).not.toContain('Waivers.Approve');
    expect(people.find(({ name }) => name === 'auditor')?.roles).toEqual(['Findings.Read']);
  });

  it('has two who may approve repairs, so that the one who asked for it need not be the one who approves', () => {
    const approvers = people.filter(({ roles }) => roles.includes('Remediation.Approve'));

    expect(approvers).toEqual([approver, securityLead]);
    expect(operator.roles).not.toContain('Remediation.Approve');
  });

  it('tells in its discovery document where its keys and tokens are, all on its own origin', async () => {
    const base = `${azure.origin}/${tenantId}`;
    const document = (await (await fetch(`${base}/v2.0/.well-known/openid-configuration`)).json()) as object;
    expect(document).toMatchObject({
      issuer: `${base}/v2.0`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
    });
  });

  it('publishes the public half of its key and nothing of the other', async () => {
    const keys = await (await fetch(`${azure.origin}/${tenantId}/discovery/v2.0/keys`)).json();
    expect(keys).toEqual({
      keys: [expect.objectContaining({ kty: 'RSA', use: 'sig', kid: expect.any(String) as unknown }) as unknown],
    });
    expect(JSON.stringify(keys)).not.toMatch(/"(?:d|p|q|dp|dq|qi)":/u);
  });

  it('makes a new key each time it starts, so that yesterday’s tokens are over', async () => {
    const { answer } = await ask();
    await azure.stop();
    ({ azure } = await started());
    const judged = await check({ KERBWATCH_ISSUER: `${azure.origin}/${tenantId}/v2.0` })(
      bearer(answer.access_token),
      now,
    );
    expect(judged).toMatchObject({ problem: { status: 401 } });
  });

  it.each([
    ['an unknown person', { client_id: 'root' }, 401, 'invalid_client'],
    ['another secret', { client_secret: 'guessed' }, 401, 'invalid_client'],
    ['no secret', { client_secret: '' }, 401, 'invalid_client'],
    ['another audience', { scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope'],
    ['a password', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('gives no token for %s', async (_, over, status, error) => {
    expect(await ask(over)).toMatchObject({ status, answer: { error } });
  });

  it.each([
    ['a Host of another name', { host: 'evil.example' }],
    ['an Origin of another page', { origin: 'https://evil.example' }],
  ])('gives no token to %s', async (_, headers) => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${azure.origin}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end(
        new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'operator',
          client_secret: secret,
          scope,
        }).toString(),
      );
    });
    expect(status).toBe(403);
  });

  it('serves nothing else below the tenant', async () => {
    expect((await fetch(`${azure.origin}/${tenantId}/oauth2/v2.0/token`)).status).toBe(404);
    expect((await fetch(`${azure.origin}/common/discovery/v2.0/keys`)).status).toBe(401);
  });

  it("opens ARM and Graph as well, as the person, until the token's hour is over", async () => {
    const { answer } = await ask({ client_id: 'approver' });
    const me = async (): Promise<readonly [number, unknown]> => {
      const response = await fetch(`${azure.origin}/v1.0/users/${approver.upn ?? ''}`, {
        headers: bearer(answer.access_token),
      });
      return [response.status, await response.json()];
    };
    expect(await me()).toEqual([200, expect.objectContaining({ id: approver.objectId })]);
    now += 3_600_000;
    expect((await me())[0]).toBe(401);
  });
});

describe('A token of the embedded cloud', () => {
  it('is refused by an app that trusts Entra, even where the token names its issuer', async () => {
    const { answer } = await ask();
    const deployed = createCallerCheck({
      env: { KERBWATCH_API_AUDIENCE: audience },
      tenantId,
      fetch: () => fetch(`${azure.origin}/${tenantId}/discovery/v2.0/keys`),
    });
    // The keys would even fit: what refuses it is that it names another issuer.
    expect(decodeJwt(answer.access_token).iss).toBe(`${azure.origin}/${tenantId}/v2.0`);
    expect(await deployed(bearer(answer.access_token), now)).toMatchObject({
      problem: { status: 401, detail: 'Another issuer issued it.' },
    });
  });

  it('cannot be made welcome in a deployed app', async () => {
    const { answer } = await ask();
    for (const over of [{ WEBSITE_SITE_NAME: 'func-auditor' }, { WEBSITE_INSTANCE_ID: '1' }]) {
      await expect(check(over)(bearer(answer.access_token), now)).rejects.toThrow(/runs in Azure/u);
    }
  });

  it('is of no use while its issuer is down: 503, and nobody is let in', async () => {
    const { answer } = await ask();
    const judge = check();
    await azure.stop();
    expect(await judge(bearer(answer.access_token), now)).toMatchObject({ problem: { status: 503 } });
  });
});
