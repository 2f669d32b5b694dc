import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCallerCheck } from '../../../../infra/api/auth/check-caller.ts';
import { refusalsOfOneAddress } from '../../../../infra/api/auth/rate-limit.ts';
import type { CallerCheck } from '../../../../infra/api/caller.ts';
import { guid } from '../../../domain/build.ts';
import {
  audience,
  bearer,
  claimsOfApplication,
  claimsOfPerson,
  clientId,
  env,
  handmade,
  type IssuerForTest,
  issuer,
  issuerForTest,
  now,
  person,
  tenantId,
} from './issuer-for-test.ts';

let entra: IssuerForTest;
let check: CallerCheck;

beforeAll(async () => {
  entra = await issuerForTest();
});

function checkFor(over: Parameters<typeof createCallerCheck>[0]['env'] = {}): CallerCheck {
  return createCallerCheck({ env: { ...env, ...over }, tenantId, fetch: entra.fetch });
}

async function callerOf(token: string): Promise<unknown> {
  const judged = await check(bearer(token), now);
  return 'caller' in judged ? judged.caller : judged.problem;
}

/** The status, and the sentence that says which check failed. */
async function refusalOf(headers: Headers): Promise<readonly [number, string]> {
  const judged = await check(headers, now);
  if ('caller' in judged) throw new Error('The caller was let in');
  return [judged.problem.status, judged.problem.detail];
}

describe('A valid token', () => {
  beforeAll(() => {
    check = checkFor({ KERBWATCH_API_AUDIENCE: `${audience}, ${clientId}` });
  });

  it('makes its object the actor, with the roles that the API knows', async () => {
    const roles = ['Findings.Write', 'Findings.Read', 'Everything.Everywhere', 7];
    expect(await callerOf(await entra.token({ roles }))).toEqual({
      actor: { kind: 'user', objectId: person },
      roles: ['Findings.Read', 'Findings.Write'],
    });
  });

  it.each([
    ['without roles has none', { roles: undefined }],
    ['with roles that are no list has none', { roles: 'Findings.Write' }],
    ['with roles in another case has none', { roles: ['findings.write'] }],
  ])('%s, which leaves it to each operation to refuse', async (_, claims) => {
    expect(await callerOf(await entra.token(claims))).toMatchObject({ roles: [] });
  });

  it.each([
    ['a person, by idtyp', { idtyp: 'user' }, 'user'],
    ['an application, by its subject', claimsOfApplication, 'application'],
    ['an application, by idtyp', { ...claimsOfApplication, idtyp: 'app' }, 'application'],
  ])('is of %s', async (_, claims, kind) => {
    expect(await callerOf(await entra.token(claims))).toMatchObject({ actor: { kind, objectId: person } });
  });

  it.each([
    [
      'of version 1, which names another issuer and the client elsewhere',
      { iss: `https://sts.windows.net/${tenantId}/`, azp: undefined, appid: clientId, ver: '1.0' },
    ],
    ['for the client id, where both audiences are set', { aud: clientId }],
    ['that expired within the minute that clocks may be apart', { exp: now / 1000 - 59 }],
    ['that begins within that minute', { nbf: now / 1000 + 59 }],
  ])('%s is let in', async (_, claims) => {
    expect(await callerOf(await entra.token(claims))).toMatchObject({ actor: { objectId: person } });
  });

  it('signed with PS256 is let in', async () => {
    const key = await importJWK(await exportJWK(entra.privateKey), 'PS256');
    const token = await new SignJWT(claimsOfPerson).setProtectedHeader({ alg: 'PS256', kid: 'key-1' }).sign(key);
    expect(await callerOf(token)).toMatchObject({ actor: { objectId: person } });
  });
});

describe('Refused with 401', () => {
  beforeAll(() => {
    check = checkFor();
  });

  it.each([
    ['no Authorization at all', new Headers()],
    ['another scheme', new Headers({ authorization: 'Basic YTpi' })],
    ['a bearer of nothing', new Headers({ authorization: 'Bearer ' })],
    ['two words', new Headers({ authorization: 'Bearer a b' })],
  ])('is %s, and told how to sign in', async (_, headers) => {
    check = checkFor();
    const judged = await check(headers, now);
    expect(judged).toMatchObject({
      problem: { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="kerbwatch"' } },
    });
  });

  it.each<[string, object, string]>([
    ['of another tenant', { tid: guid(0x22) }, 'of another tenant'],
    ['that has expired', { exp: now / 1000 - 61 }, 'has expired'],
    ['that is for the future', { nbf: now / 1000 + 61 }, 'not valid yet'],
    ['that never ends', { exp: undefined }, 'not a whole JSON Web Token'],
    ['for Microsoft Graph', { aud: 'https://graph.microsoft.com' }, 'another audience'],
    ['for an audience that begins like ours', { aud: `${audience}-test` }, 'another audience'],
    ['for us and others', { aud: [audience, 'https://graph.microsoft.com'] }, 'another audience'],
    ['for nobody', { aud: undefined }, 'another audience'],
    ["of another tenant's issuer", { iss: `https://login.microsoftonline.com/${guid(0x22)}/v2.0` }, 'Another issuer'],
    ['of an issuer of another cloud', { iss: `https://login.microsoftonline.us/${tenantId}/v2.0` }, 'Another issuer'],
    ['of an issuer over http', { iss: issuer.replace('https:', 'http:') }, 'Another issuer'],
    ['of an issuer with more behind it', { iss: `${issuer}/` }, 'Another issuer'],
    ['of nobody', { iss: undefined }, 'Another issuer'],
    ['without an object', { oid: undefined }, 'names no object'],
    ['with an object that is no GUID', { oid: '../findings' }, 'names no object'],
    ['that is an ID token', { azp: undefined, scp: undefined }, 'not an access token'],
    ['without scope, of somebody who is no application', { scp: undefined }, 'not an access token'],
    ['that says of a person it is an application', { idtyp: 'app' }, 'not an access token'],
    ['of a kind that nobody knows', { idtyp: 'device', scp: undefined }, 'not an access token'],
  ])('is a token %s', async (_, claims, said) => {
    check = checkFor();
    const [status, detail] = await refusalOf(bearer(await entra.token(claims)));
    expect([status, detail]).toEqual([401, expect.stringContaining(said)]);
  });

  it('is a token without a signature', async () => {
    const header = { alg: 'none', kid: 'key-1' };
    expect(await refusalOf(bearer(handmade(header, claimsOfPerson)))).toEqual([401, expect.stringMatching(/RS256/u)]);
  });

  it('is a token signed by HMAC with the public key, which everybody has', async () => {
    const key = await importJWK(entra.publicKey, 'RS256', { extractable: true });
    if (!(key instanceof CryptoKey)) throw new Error('The public key is no key');
    const texts = [JSON.stringify(entra.publicKey), entra.publicKey.n ?? '', await exportSPKI(key)];
    for (const secret of texts) {
      const unsigned = handmade({ alg: 'HS256', kid: 'key-1' }, claimsOfPerson).slice(0, -1);
      const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
      expect(await refusalOf(bearer(`${unsigned}.${signature}`))).toEqual([401, expect.stringMatching(/RS256/u)]);
    }
  });

  it("is a token whose claims were changed under somebody's signature", async () => {
    const [header, , signature = ''] = (await entra.token()).split('.');
    const payload = handmade({}, { ...claimsOfPerson, roles: ['Waivers.Approve'] }).split('.')[1];
    const forged = `${String(header)}.${String(payload)}.${signature}`;
    expect(await refusalOf(bearer(forged))).toEqual([401, 'Its signature is wrong.']);
  });

  it('is a token of a key that the issuer does not publish, whatever the token says of the key', async () => {
    const other = await issuerForTest();
    const own = { jwk: other.publicKey, jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' };
    const texts = [
      await other.token({}, { kid: 'key-2' }),
      await other.token({}, { kid: 'key-2', ...own }),
      await other.token({}, { kid: undefined, ...own }),
    ];
    for (const text of texts)
      expect(await refusalOf(bearer(text))).toEqual([401, expect.stringMatching(/a key that/u)]);
    expect(await refusalOf(bearer(await other.token({}, own)))).toEqual([401, 'Its signature is wrong.']);
    expect(entra.fetched.filter((url) => url.includes('evil'))).toEqual([]);
  });

  it.each(['garbage', 'a.b.c', '..', `${'x'.repeat(20_000)}.y.z`, handmade({ alg: 'RS256', kid: 'key-1' }, {}, 'AA')])(
    'is garbage: %.20s',
    async (text) => {
      check = checkFor();
      expect((await refusalOf(bearer(text)))[0]).toBe(401);
    },
  );

  it('with a challenge that says so, and with nothing that the token holds', async () => {
    check = checkFor();
    const token = await entra.token({ aud: 'https://secret.example', oid: guid(0x99), upn: 'jo@contoso.example' });
    const judged = await check(bearer(token), now);
    const text = JSON.stringify(judged);

    expect(judged).toMatchObject({
      problem: { headers: { 'WWW-Authenticate': expect.stringContaining('error="invalid_token"') as unknown } },
    });
    for (const held of [token, 'secret.example', guid(0x99), 'jo@', audience, tenantId])
      expect(text).not.toContain(held);
  });
});

describe('Where nothing can be checked', () => {
  it('nobody is let in while no audience is set, and the problem names the setting', async () => {
    for (const none of [undefined, '', ' , ']) {
      check = checkFor({ KERBWATCH_API_AUDIENCE: none });
      expect(await refusalOf(bearer(await entra.token()))).toEqual([
        503,
        expect.stringContaining('KERBWATCH_API_AUDIENCE'),
      ]);
    }
  });

  it('nobody is let in while the keys cannot be fetched', async () => {
    const other = await issuerForTest();
    other.answer = () => Promise.reject(new TypeError('fetch failed'));
    check = createCallerCheck({ env, tenantId, fetch: other.fetch });
    const judged = await check(bearer(await other.token()), now);
    expect(judged).toMatchObject({ problem: { status: 503, headers: { 'Retry-After': '5' } } });
  });
});

describe('A thousand invalid requests a second for ten seconds from one address', () => {
  const attacker = { 'x-forwarded-for': '203.0.113.7:4711' };

  it('are answered 429 but for a few, cost one fetch of keys, and hurt nobody else', async () => {
    const other = await issuerForTest();
    check = createCallerCheck({ env, tenantId, fetch: other.fetch });
    const headers = bearer(await other.token({}, { kid: 'made-up' }), attacker);
    const good = await other.token();
    const statuses = new Map<number, number>();
    const served: boolean[] = [];
    for (let sent = 0; sent < 10_000; sent += 1) {
      const at = now + sent;
      const judged = await check(headers, at);
      const status = 'problem' in judged ? judged.problem.status : 200;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (sent % 1000 !== 999) continue;
      // From elsewhere, and from behind the same address.
      for (const more of [{ 'x-forwarded-for': '198.51.100.1:1' }, attacker]) {
        served.push('caller' in (await check(bearer(good, more), at)));
      }
    }
    const { burst, perSecond } = refusalsOfOneAddress;

    expect([...statuses.keys()].sort()).toEqual([401, 429]);
    expect(statuses.get(401)).toBeLessThanOrEqual(burst + 10 * perSecond);
    expect(served).toEqual(Array.from({ length: 20 }, () => true));
    expect(other.fetched).toHaveLength(1);
  });

  it('leave another invalid caller his own answer', async () => {
    check = checkFor();
    for (let sent = 0; sent < 100; sent += 1) await check(bearer('x', attacker), now);
    const last = await check(bearer('x', attacker), now);

    expect(last).toMatchObject({ problem: { status: 429, headers: { 'Retry-After': '1' } } });
    expect((await refusalOf(bearer('x', { 'x-forwarded-for': '198.51.100.1:1' })))[0]).toBe(401);
  });
});
