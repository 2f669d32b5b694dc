import { beforeEach, describe, expect, it } from 'vitest';
import { createSigningKeys } from '../../../../infra/api/auth/signing-keys.ts';
import { verifyToken } from '../../../../infra/api/auth/verify-token.ts';
import { guid } from '../../../domain/build.ts';
import { audience, type IssuerForTest, issuer, issuerForTest, now, tenantId } from './issuer-for-test.ts';

const second = 1000;
const hour = 3600 * second;
const url = 'https://login.microsoftonline.com/keys';

let entra: IssuerForTest;
let keys: ReturnType<typeof createSigningKeys>;

beforeEach(async () => {
  entra = await issuerForTest();
  keys = createSigningKeys({ url, tenantId, fetch: entra.fetch });
});

/** What became of a token that is valid for as long as anybody looks. */
async function outcome(at: number, header: object = {}): Promise<string> {
  const token = await entra.token({ exp: at / 1000 + 60 }, header);
  try {
    const verified = await verifyToken(token, { issuers: [issuer], audiences: [audience], keys }, at);
    return 'fault' in verified ? verified.fault : 'verified';
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

const down = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'));

describe('Signing keys', () => {
  it('are fetched when the first is needed, once for all who wait, and kept for an hour', async () => {
    expect(entra.fetched).toEqual([]);
    const first = await Promise.all(Array.from({ length: 20 }, () => outcome(now)));
    await outcome(now + hour - second);
    expect([new Set(first), entra.fetched]).toEqual([new Set(['verified']), [url]]);

    await outcome(now + hour);
    expect(entra.fetched).toHaveLength(2);
  });

  it('are asked for again for a key that is not known, half a minute apart at least', async () => {
    const statuses = [];
    for (let at = now; at < now + 60 * second; at += second) statuses.push(await outcome(at, { kid: 'made-up' }));
    expect([new Set(statuses), entra.fetched.length]).toEqual([new Set(['unknown-key']), 2]);
  });

  it('take in a new key as soon as it is used', async () => {
    await outcome(now);
    const next = await issuerForTest('key-2');
    entra.answer = () => Promise.resolve(Response.json({ keys: [entra.publicKey, next.publicKey] }));
    const token = await next.token();
    const verified = await verifyToken(token, { issuers: [issuer], audiences: [audience], keys }, now + 31 * second);
    expect(verified).toHaveProperty('claims');
  });

  it('are used for a day while the issuer does not answer, and then no more', async () => {
    await outcome(now);
    entra.answer = down;
    expect([await outcome(now + 23 * hour), await outcome(now + 24 * hour)]).toEqual(['verified', 'KeysUnavailable']);
  });

  it('that cannot be fetched are not asked for by each request, and soon again', async () => {
    entra.answer = down;
    const told = [];
    for (let at = now; at < now + 5 * second; at += 10) told.push(await outcome(at));
    expect([new Set(told), entra.fetched.length]).toEqual([new Set(['KeysUnavailable']), 1]);

    entra.answer = null;
    expect(await outcome(now + 5 * second)).toBe('verified');
  });

  it('leave it open whether an unknown key is a new one while the issuer does not answer', async () => {
    await outcome(now);
    entra.answer = down;
    expect(await outcome(now + 31 * second, { kid: 'key-2' })).toBe('KeysUnavailable');
    expect(await outcome(now + 32 * second)).toBe('verified');
  });

  it.each<[string, () => Promise<Response>]>([
    ['a redirect', () => Promise.reject(new TypeError('unexpected redirect'))],
    ['an error page', () => Promise.resolve(new Response('<html>', { status: 500 }))],
    ['what is no JSON', () => Promise.resolve(new Response('<html>'))],
    ['JSON that is no key set', () => Promise.resolve(Response.json({ value: [] }))],
    ['no keys at all', () => Promise.resolve(Response.json({ keys: [] }))],
    ['a flood', () => Promise.resolve(Response.json({ keys: [], more: 'x'.repeat(300_000) }))],
    [
      'a thousand keys',
      () => Promise.resolve(Response.json({ keys: Array.from({ length: 1000 }, () => ({ kty: 'RSA' })) })),
    ],
  ])('answered with %s are none', async (_, answer) => {
    entra.answer = answer;
    expect(await outcome(now)).toBe('KeysUnavailable');
  });

  it.each<[string, object, string]>([
    ['of the tenant', { issuer: `https://login.microsoftonline.com/${tenantId}/v2.0` }, 'verified'],
    ['of whichever tenant', { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }, 'verified'],
    ['of another tenant', { issuer: `https://login.microsoftonline.com/${guid(0x22)}/v2.0` }, 'unknown-key'],
    ['for encryption', { use: 'enc' }, 'unknown-key'],
  ])('%s: %j is %s', async (_, member, told) => {
    const other = await issuerForTest('other');
    const published = { ...entra.publicKey, ...member };
    entra.answer = () => Promise.resolve(Response.json({ keys: [published, other.publicKey] }));
    expect(await outcome(now)).toBe(told);
  });

  it('are asked of the one address, and no redirect is followed', async () => {
    const asked: unknown[] = [];
    keys = createSigningKeys({
      url,
      tenantId,
      fetch: (address, options) => {
        asked.push([address, options?.redirect]);
        return entra.fetch(address, options);
      },
    });
    await outcome(now);
    expect(asked).toEqual([[url, 'error']]);
  });
});
