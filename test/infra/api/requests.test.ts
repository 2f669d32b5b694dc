import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../infra/api/auth/rate-limit.ts';
import { handleRequest } from '../../../infra/api/handle.ts';
import { operations } from '../../../infra/api/operations/index.ts';
import { StoreUnreachable } from '../../../infra/azure/store-unreachable.ts';
import { keyPart } from '../../../infra/azure/tables/keys.ts';
import { kerberosAccount } from '../../domain/estate.ts';
import { type ApiOverMemory, apiOverMemory, type ApiOverMemoryOptions } from './api-over-memory.ts';

const consent = 'consent-granted';
const unshowable =
  'holds a character that cannot be shown: a control character, a change of direction or half a character';
const path = `/findings/profiles~${consent}/acknowledgement`;
let api: ApiOverMemory;

async function started(options: Partial<ApiOverMemoryOptions> = {}): Promise<ApiOverMemory> {
  const made = apiOverMemory({ accounts: [kerberosAccount('profiles')], ...options });
  await made.night('run-1');
  return made;
}

beforeEach(async () => {
  api = await started();
});

describe('Whoever calls', () => {
  const all = Object.values(operations).map(({ method, path: template, role }) => ({
    method,
    where: template.replace('{finding}', `profiles~${consent}`).replace(/\{\w+\}/u, 'latest'),
    role,
  }));

  it.each(all)('without a good token gets nothing from $method $where, and changes nothing', async (asked) => {
    const before = await api.everything();
    const { status, json } = await api.ask(asked.method, asked.where, { headers: { authorization: 'Bearer forged' } });
    expect(status).toBe(401);
    expect(Object.keys(json).sort()).toEqual(['detail', 'status', 'title', 'type']);
    expect(await api.everything()).toBe(before);
  });

  it.each(all)('without the role of $method $where is told which it is, and changes nothing', async (asked) => {
    const before = await api.everything();
    const { status, json } = await api.ask(asked.method, asked.where, { as: 'stranger' });
    expect(status).toBe(403);
    expect(json['detail']).toContain(asked.role === 'any' ? 'Findings.Read' : asked.role);
    expect(await api.everything()).toBe(before);
  });

  it('may not change what it may only read', async () => {
    const before = await api.everything();
    for (const [method, where] of [
      ['PUT', path],
      ['DELETE', path],
      ['POST', '/waivers'],
      ['DELETE', '/waivers/w1'],
    ] as const) {
      expect((await api.ask(method, where, { as: 'reader' })).status).toBe(403);
    }
    expect(await api.everything()).toBe(before);
  });

  it('learns nothing of paths and methods before it has signed in', async () => {
    for (const where of ['/nothing', '/openapi.json', '/findings']) {
      expect((await api.ask('DELETE', where, { headers: { authorization: '' } })).status).toBe(401);
    }
  });

  it('is told the setting where signing in is not set up, and nothing else', async () => {
    const problem = { status: 503, type: 'urn:x', title: 'Not set up', detail: 'Set KERBWATCH_API_AUDIENCE.' };
    const closed = await started({ instead: { callerCheck: () => Promise.resolve({ problem }) } });
    const { status, json } = await closed.ask('GET', '/findings');
    expect(status).toBe(503);
    expect(json).toEqual(problem);
  });

  it('is served at its pace: of 1,000 requests a second for ten seconds the most are 429, and have no effect', async () => {
    const busy = await started({ instead: { rateLimit: createRateLimit({ burst: 60, perSecond: 10 }) } });
    const begun = busy.memory.world.now;
    const statuses: number[] = [];
    for (let sent = 0; sent < 10_000; sent += 1) {
      busy.memory.world.now = begun + sent;
      // What it asks takes turns, so that each served request that may change something does.
      const answer = await busy.ask(
        sent % 2 === 0 ? 'PUT' : 'DELETE',
        path,
        sent % 2 === 0 ? { body: { note: 'x' } } : {},
      );
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const served = statuses.filter((status) => status === 200).length;
    expect(served + statuses.filter((status) => status === 429).length).toBe(10_000);
    expect(served).toBeGreaterThanOrEqual(159);
    expect(served).toBeLessThanOrEqual(160);
    expect(busy.memory.store.appended().length).toBeLessThanOrEqual(1 + served);
  }, 30_000);
});

describe('A request', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/findings/'],
    ['GET', '/finding'],
    ['GET', `/findings/profiles/${consent}`],
    ['POST', '/waivers/w1/approvals'],
    ['GET', '//findings'],
  ])('for the unknown path %s %s is 404', async (method, where) => {
    expect((await api.ask(method, where)).status).toBe(404);
  });

  it.each([
    ['POST', '/findings', 'GET, HEAD'],
    ['GET', path, 'PUT, DELETE'],
    ['PUT', '/waivers', 'GET, HEAD, POST'],
    ['PATCH', '/waivers/w1', 'GET, HEAD, DELETE'],
    ['HEAD', path, 'PUT, DELETE'],
  ])('of a method that %s %s has not is 405 with those it has', async (method, where, allow) => {
    const { status, headers } = await api.ask(method, where);
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
  });

  it.each(['/findings', '/runs/latest', '/nothing', '/findings?limit=0'])(
    'of HEAD for %s is answered as GET is, without the body',
    async (where) => {
      const [got, head] = await Promise.all([api.ask('GET', where), api.ask('HEAD', where)]);
      expect([head.status, [...head.headers], head.body]).toEqual([got.status, [...got.headers], '']);
    },
  );

  it.each(['gzip', 'GZIP', 'br', 'deflate', 'identity, gzip', 'x'])(
    'with a body coded as %s is 415 with what is taken, and has no effect',
    async (coding) => {
      const before = await api.everything();
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      const answer = await api.ask('PUT', path, { raw: gzipSync('{"note":"x"}'), headers });
      expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'identity']);
      expect(answer.json['detail']).toContain('Content-Encoding');
      expect(await api.everything()).toBe(before);
      expect((await api.ask('PUT', path, { raw: '{"note":"x"}', headers })).status).toBe(415);
      expect(await api.everything()).toBe(before);
    },
  );

  it('with a body that is coded as itself is read', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    expect((await api.ask('PUT', path, { raw: '{"note":"x"}', headers })).status).toBe(200);
  });

  it.each<[unknown, readonly string[]]>([
    [{}, ['"note": is missing; it has to be text']],
    [{ note: 5 }, ['"note": has to be text, and is a number']],
    [{ note: null }, ['"note": has to be text, and is null']],
    [{ note: ['a secret'] }, ['"note": has to be text, and is a list']],
    [{ note: 'a secret \u001B[2J' }, [`"note": ${unshowable}`]],
    [{ note: 'a secret \u202Egnp.exe' }, [`"note": ${unshowable}`]],
    [{ note: 'a secret \uD83D' }, [`"note": ${unshowable}`]],
    [[], ['it has to be an object, and is a list']],
    ['a secret', ['it has to be an object, and is text']],
    [null, ['it has to be an object, and is null']],
    [{ note: 'x', Note: 'a secret' }, ['"Note" is not known; did you mean note?']],
  ])('with the body %j is told what belongs there and what came, and nothing of it again', async (body, problems) => {
    const before = await api.everything();
    const answer = await api.ask('PUT', path, { body });
    expect(answer.status).toBe(400);
    expect(answer.json['problems']).toEqual(problems);
    expect(answer.body).not.toContain('secret');
    expect(await api.everything()).toBe(before);
  });

  it.each(['First line\r\n\tsecond line', '👩‍👩‍👧', 'שלום', ''.padEnd(1000, 'ä')])(
    'with the note %j keeps it as it is',
    async (note) => {
      expect((await api.ask('PUT', path, { body: { note } })).json).toMatchObject({ acknowledgement: { note } });
    },
  );

  it.each<[string, string]>([
    ['state=opne', '"state": "opne" is not known; did you mean "open"?'],
    ['state=open,,waived', '"state": "" is not known; has to be one of '],
    ['severity=', '"severity": "" is not known; has to be one of '],
    ['rule=mfa-excludet', '"rule": "mfa-excludet" is not known; did you mean "mfa-excluded"?'],
    ['subscription=prod', '"subscription": has to be a subscription id, and is "prod"'],
    ['account=a/b', '"account": has to be the name of a storage account (* is a wildcard), and is "a/b"'],
    ['limit=0', '"limit": has to be a number from 1 to 200, and is "0"'],
    ['limit=1e2', '"limit": has to be a number from 1 to 200, and is "1e2"'],
    [`page=${'x'.repeat(1001)}`, '"page": is longer than 1000 characters'],
    [`severity=${'y'.repeat(5000)}`, `"severity": "${'y'.repeat(60)}…" is not known; `],
    ['severty=high', '"severty" is not known; did you mean severity?'],
    ['limit=1&limit=2', '"limit" is given more than once'],
  ])('with the query %s is told what belongs there and what came', async (query, said) => {
    const { status, json } = await api.ask('GET', `/findings?${query}`);
    expect(status).toBe(400);
    expect(json['problems']).toEqual([expect.stringContaining(said)]);
  });

  it.each([undefined, 'text/plain', 'application/xml', 'application/json; charset=utf-16', 'application/jsonx'])(
    'of content type %s is 415, and has no effect',
    async (type) => {
      const before = await api.everything();
      const raw = new TextEncoder().encode('{"note":"x"}');
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      expect((await api.ask('PUT', path, { raw, headers })).status).toBe(415);
      expect(await api.everything()).toBe(before);
    },
  );

  it('takes JSON with its charset, whatever its case', async () => {
    const headers = { 'content-type': 'Application/JSON; charset="UTF-8"' };
    expect((await api.ask('PUT', path, { raw: '{"note":"x"}', headers })).status).toBe(200);
  });

  it.each(['', '{', '{"note":"x"', 'note=x', '\u{feff}'])('of the body %j, which is no JSON, is 400', async (text) => {
    const before = await api.everything();
    const headers = { 'content-type': 'application/json' };
    expect((await api.ask('PUT', path, { raw: new TextEncoder().encode(text), headers })).status).toBe(400);
    expect(await api.everything()).toBe(before);
  });

  it('of bytes that are no UTF-8 is 400', async () => {
    const raw = Uint8Array.from([...Buffer.from('{"note":"'), 0xff, ...Buffer.from('"}')]);
    expect((await api.ask('PUT', path, { raw, headers: { 'content-type': 'application/json' } })).status).toBe(400);
  });

  it('of 10 MB is 413, and has no effect, whether it says its length or not', async () => {
    const before = await api.everything();
    const raw = JSON.stringify({ note: 'x'.repeat(10 * 1024 * 1024) });
    const headers = { 'content-type': 'application/json' };
    expect((await api.ask('PUT', path, { raw, headers })).status).toBe(413);
    expect(
      (await api.ask('PUT', path, { raw: '{}', headers: { ...headers, 'content-length': '10485760' } })).status,
    ).toBe(413);
    expect((await api.ask('DELETE', path, { raw, headers })).status).toBe(413);
    expect(await api.everything()).toBe(before);
  });

  it('of 64 KiB is read, and of a byte more is not', async () => {
    const sized = (bytes: number): string => `{"note":"x"${' '.repeat(bytes - 12)}}`;
    const headers = { 'content-type': 'application/json' };
    expect((await api.ask('PUT', path, { raw: sized(65_537), headers })).status).toBe(413);
    expect((await api.ask('PUT', path, { raw: sized(65_536), headers })).status).toBe(200);
  });

  it('stops reading as soon as there is too much', async () => {
    let sent = 0;
    const endless = {
      async *[Symbol.asyncIterator]() {
        for (;;) yield await Promise.resolve(new Uint8Array((sent += 10_000) - sent + 10_000));
      },
    };
    const headers = new Headers({ authorization: 'Bearer writer', 'content-type': 'application/json' });
    const closed = () => Promise.reject(new Error('Not asked'));
    const answer = await handleRequest(
      { method: 'PUT', url: `https://kerbwatch.example/api/v1${path}`, headers, body: endless },
      {
        ...api.memory,
        callerCheck: () =>
          Promise.resolve({ caller: { actor: { kind: 'user', objectId: 'x' }, roles: ['Findings.Write'] } }),
        rateLimit: () => ({ allowed: true }),
        ...{ pageKey: closed, accountTags: closed, dispatch: closed, latencies: { latest: closed } },
        ...{ waiverId: () => '', tell: () => undefined, settings: {} as never },
      },
    );
    expect(answer.status).toBe(413);
    expect(sent).toBe(70_000);
  });

  it('whose members would reach into objects is refused', async () => {
    const before = await api.everything();
    const headers = { 'content-type': 'application/json' };
    const raw = '{"note":"x","__proto__":{"state":"resolved"},"constructor":1}';
    const { status, json } = await api.ask('PUT', path, { raw, headers });
    expect(status).toBe(400);
    expect(json['detail']).toContain('"__proto__" is not known');
    expect(await api.everything()).toBe(before);
  });

  it('has its unknown names repeated no further than they can be read', async () => {
    const { json } = await api.ask('GET', `/findings?${'x'.repeat(5000)}=1`);
    expect(String(json['detail']).length).toBeLessThan(200);
    for (const where of ['findings', 'waivers', 'runs']) {
      const unknown = await api.ask('GET', `/${where}/${'x'.repeat(3000)}`);
      expect([unknown.status, String(unknown.json['detail']).length < 500]).toEqual([404, true]);
    }
  });
});

describe('Every answer', () => {
  it.each([
    ['GET', '/findings', 'application/json; charset=utf-8'],
    ['GET', '/nothing', 'application/problem+json'],
  ])('to %s %s is kept by nobody, and taken for nothing else', async (method, where, type) => {
    const { headers } = await api.ask(method, where);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-type')).toBe(type);
  });
});

describe('When something fails', () => {
  it('nothing of what is inside gets out, and the log has it', async () => {
    const broken = await started({
      instead: { pageKey: () => Promise.reject(new Error('AccountKey=secret at row 7')) },
    });
    const { status, body } = await broken.ask('GET', '/findings');
    expect(status).toBe(500);
    expect(body).not.toMatch(/secret|row 7|Error/u);
    expect(broken.told.join('\n')).toContain('row 7');
  });

  it('an id that cannot be a key of the store is the fault of whoever sent it', async () => {
    const keyed = await started({
      findings: (store) => ({
        ...store,
        read: (subscriptionId, keys) => store.read(keyPart(subscriptionId), keys),
      }),
    });
    const { status, body } = await keyed.ask(
      'GET',
      '/findings/~subscriptions~a%20b~x~storageaccounts~y~consent-granted',
    );
    expect(status).toBe(400);
    expect(body).not.toContain('a b');
  });

  it('a store that cannot be reached is 503, with when to come again and without its address', async () => {
    const error = new StoreUnreachable('contoso.table.core.windows.net', 'table runs', new Error('ECONNREFUSED'));
    const down = await started({ instead: { pageKey: () => Promise.reject(error) } });
    const { status, body, headers } = await down.ask('GET', '/findings');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('30');
    expect(body).not.toContain('contoso');
  });

  it('others who are first each time make it 409, with when to come again', async () => {
    api.memory.store.conflictsAhead = 5;
    const { status, headers } = await api.ask('PUT', path, { body: { note: 'x' } });
    expect(status).toBe(409);
    expect(headers.get('retry-after')).toBe('1');
    expect((await api.ask('PUT', path, { body: { note: 'x' } })).status).toBe(200);
  });
});
