import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalPerson, operator, people } from '../../infra/local/identity/people.ts';
import { undescribed } from '../infra/api/described.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

type Json = Readonly<Record<string, unknown>>;

let test: TestCloud;
let tokens: ReadonlyMap<string, string>;

/** Asks the API in the functions host; each answer is held against the OpenAPI document. */
async function ask(
  method: string,
  path: string,
  { as = operator, body, headers = {} }: { as?: LocalPerson; body?: string; headers?: Record<string, string> } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly json: Json }> {
  const response = await fetch(`${test.cloud.apiAddress}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.get(as.name) ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const { status } = response;
  expect(undescribed(method, path, { status, headers: response.headers, body: text })).toEqual([]);
  return { status, headers: response.headers, json: (text === '' ? {} : JSON.parse(text)) as Json };
}

beforeAll(async () => {
  test = await startTestCloud({ remediation: {} });
  const { cloud } = test;
  tokens = new Map(
    await Promise.all(people.map(async (person) => [person.name, await cloud.personToken(person, 3600)] as const)),
  );
  await cloud.host.runTimer('nightly-audit');
  await eventually('the run', async () => {
    const [run] = await cloud.store.runs.latest(1);
    return run?.finishedAt ?? null;
  });
}, 60_000);
afterAll(() => test.stop());

describe('The API in the functions host, over Azurite', () => {
  it('gives every finding once over its pages', async () => {
    const seen: string[] = [];
    let page = '';
    do {
      const { status, json } = await ask('GET', `/findings?state=all&limit=17${page}`);
      expect(status).toBe(200);
      const place = ({ id, account }: { id: string; account: { id: string } | null }) => `${account?.id ?? '-'} ${id}`;
      seen.push(...(json['findings'] as { id: string; account: { id: string } | null }[]).map(place));
      page = json['next'] === null ? '' : `&page=${json['next'] as string}`;
    } while (page !== '');

    const stored = await Array.fromAsync(test.cloud.store.findings.list());
    expect(stored.length).toBeGreaterThan(17);
    expect(seen).toHaveLength(stored.length);
    expect(new Set(seen).size).toBe(stored.length);
  });

  it('changes a finding at the version that was seen, and history has it at once', async () => {
    const { json } = await ask('GET', '/findings?severity=high&limit=1');
    const [finding] = json['findings'] as readonly { readonly id: string }[];
    const path = `/findings/${finding?.id.replaceAll('/', '~') ?? ''}`;
    const etag = (await ask('GET', path)).headers.get('etag') ?? '';
    expect((await ask('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);

    const body = '{"note":"Known"}';
    const known = await ask('PUT', `${path}/acknowledgement`, { body, headers: { 'if-match': etag } });
    expect(known).toMatchObject({ status: 200, json: { state: 'acknowledged' } });
    const stale = await ask('DELETE', `${path}/acknowledgement`, { headers: { 'if-match': etag } });
    expect(stale.status).toBe(412);
    expect((await ask('GET', path)).json).toMatchObject({ state: 'acknowledged' });

    const entries = (await ask('GET', `${path}/history`)).json['entries'] as readonly Json[];
    expect(entries.at(-1)).toMatchObject({ note: 'Known', who: `user ${operator.objectId}` });
  });

  it('makes one waiver of five that are asked for at once, on real tables', async () => {
    const body = '{"rule":"mfa-excluded","reason":"Migration","owner":"Storage","until":"2099-01-01"}'.replace(
      '2099-01-01',
      new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('POST', '/waivers', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const made = (await ask('GET', '/waivers')).json['waivers'] as readonly { readonly id: string }[];
    expect(made).toHaveLength(1);
    expect((await ask('DELETE', `/waivers/${made[0]?.id ?? ''}`)).status).toBe(200);
    expect((await ask('POST', '/waivers', { body })).status).toBe(201);
  });

  it('answers about runs, coverage, rules and itself', async () => {
    for (const path of ['/runs', '/runs/latest', '/runs/latest/coverage', '/coverage', '/rules', '/openapi.json']) {
      expect((await ask('GET', path)).status).toBe(200);
    }
  });

  it.each(['PATCH', 'OPTIONS'])('answers %s as a problem too, with what the path takes', async (method) => {
    const { status, headers } = await ask(method, '/findings');
    expect([status, headers.get('allow'), headers.get('content-type')]).toEqual([
      405,
      'GET, HEAD',
      expect.stringContaining('application/problem+json'),
    ]);
  });

  it('refuses a body that is too large, and one with unknown members, with no effect', async () => {
    const before = (await ask('GET', '/waivers?all=true')).json;
    const large = JSON.stringify({ account: 'x', reason: 'x'.repeat(500_000) });
    expect((await ask('POST', '/waivers', { body: large })).status).toBe(413);
    const unknown = '{"rule":"mfa-excluded","reason":"x","owner":"x","until":"2099-01-01","state":"holds"}';
    expect((await ask('POST', '/waivers', { body: unknown })).status).toBe(400);
    expect((await ask('GET', '/waivers?all=true')).json).toEqual(before);
  });
});

describe('The API under a flood, which empties what one caller may ask for', () => {
  it('serves one caller at a pace, whatever comes: the others are 429 with no effect, and another person is served', async () => {
    const [finding] = await Array.fromAsync(test.cloud.store.findings.list('open'));
    const auditor = people.find(({ name }) => name === 'auditor') ?? operator;
    const path = `/findings/${finding?.id.replaceAll('/', '~') ?? ''}/acknowledgement`;
    const account = finding?.account === null ? '' : `?account=${encodeURIComponent(finding?.account.id ?? '')}`;
    const transitions = async () =>
      (await test.cloud.store.findings.find(finding?.id ?? '')).map((each) => each.finding.transitions);
    const [before = 0] = await transitions();

    const answers = await Promise.all(
      Array.from({ length: 600 }, (_, sent) =>
        sent % 2 === 0
          ? ask('PUT', path + account, { body: `{"note":"${String(sent)}"}` })
          : ask('DELETE', path + account),
      ),
    );
    expect((await ask('GET', '/findings?limit=1', { as: auditor })).status).toBe(200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(300);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) >= 1)).toBe(true);
    const served = answers.filter(({ status }) => status === 200).length;
    const [after = 0] = await transitions();
    expect(served).toBeGreaterThan(0);
    expect(after - before).toBeLessThanOrEqual(served);
  });
});
