import { beforeEach, describe, expect, it } from 'vitest';
import { now } from '../../domain/build.ts';
import { kerberosAccount } from '../../domain/estate.ts';
import { type ApiOverMemory, apiOverMemory, people } from './api-over-memory.ts';

const consent = 'consent-granted';
const twins = [kerberosAccount('twins', 2), kerberosAccount('twins', 3)] as const;
let api: ApiOverMemory;

beforeEach(async () => {
  api = apiOverMemory({
    accounts: [kerberosAccount('profiles'), kerberosAccount('homes'), kerberosAccount('mended'), ...twins],
    consented: ['mended'],
  });
  await api.night('run-1');
});

describe('GET /findings', () => {
  it('lists findings whose fault is there, as scripts know them', async () => {
    const { status, json } = await api.ask('GET', '/findings?account=profiles');

    expect(status).toBe(200);
    expect(json).toMatchObject({
      schema: 'kerbwatch.findings-page/v1',
      findings: [
        {
          id: `profiles/${consent}`,
          state: 'open',
          severity: 'critical',
          openedAt: new Date(now + 60_000).toISOString(),
        },
      ],
      next: null,
    });
  });

  it.each([
    ['severity=high', 4],
    [`rule=${consent}&state=open,resolved`, 4],
    ['rule=mfa-excluded', 0],
    ['account=P*', 1],
    ['text=HOMES', 1],
    [`subscription=${twins[1].subscriptionId.toUpperCase()}`, 1],
    ['state=acknowledged', 0],
    ['state=all', 4],
  ])('narrows by %s', async (query, count) => {
    const { json } = await api.ask('GET', `/findings?${query}`);
    expect(json['findings']).toHaveLength(count);
  });

  it('gives every finding once over pages of any size, and ends where next is null', async () => {
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: unknown[] = [];
      let next: string | null = null;
      do {
        const page: string = next === null ? '' : `&page=${next}`;
        const { json } = await api.ask('GET', `/findings?limit=${String(limit)}${page}`);
        const findings = json['findings'] as { readonly account: { readonly id: string } }[];
        expect(findings.length).toBeLessThanOrEqual(limit);
        seen.push(...findings.map(({ account }) => account.id));
        ({ next } = json as { readonly next: string | null });
      } while (next !== null);
      expect(new Set(seen).size).toBe(4);
      expect(seen).toHaveLength(4);
    }
  });

  it('looks at so many and no more for a page, which may hold none and not be the last', async () => {
    const asked: number[] = [];
    const scanning = apiOverMemory({
      accounts: ['a1', 'b2', 'c3', 'd4', 'e5'].map((name) => kerberosAccount(name)),
      findings: (store) => ({
        ...store,
        page: (after, most) => {
          asked.push(most);
          return store.page(after, 2);
        },
      }),
    });
    await scanning.night('run-1');

    const first = await scanning.ask('GET', '/findings?account=e5');
    expect(first.json['findings']).toEqual([]);
    const second = await scanning.ask('GET', `/findings?account=e5&page=${String(first.json['next'])}`);
    expect(second.json['findings']).toEqual([]);
    const third = await scanning.ask('GET', `/findings?account=e5&page=${String(second.json['next'])}`);
    expect(third.json).toMatchObject({ findings: [{ id: `e5/${consent}` }], next: null });
    expect(Math.max(...asked)).toBe(500);
  });

  it('is at its end with the page that the last finding fills', async () => {
    expect((await api.ask('GET', '/findings?limit=4')).json['next']).toBeNull();
    expect((await api.ask('GET', '/findings?limit=3')).json['next']).not.toBeNull();
  });

  it('takes a page token for the list that it was made for, and no other', async () => {
    const { json } = await api.ask('GET', '/findings?limit=1');
    const token = String(json['next']);
    const [position = '', signature = ''] = token.split('.');
    const elsewhere = Buffer.from('~').toString('base64url');
    for (const query of [
      `page=${token}&severity=low`,
      `page=${elsewhere}.${signature}`,
      `page=${position}.`,
      `page=${position}`,
      `page=${token}.x`,
      'page=',
      `page=${token.slice(0, -1)}`,
    ]) {
      const answer = await api.ask('GET', `/findings?${query}`);
      expect(answer.status, query).toBe(400);
      expect(answer.json['type']).toMatch(/page-token$/u);
      expect(answer.json['findings']).toBeUndefined();
    }
    expect((await api.ask('GET', `/findings?limit=3&page=${token}`)).status).toBe(200);
  });

  it('tells of every filter that is nonsense at once', async () => {
    const { status, json } = await api.ask(
      'GET',
      '/findings?state=opne&severity=hihg&rule=consent-grant&subscription=prod&account=a/b&limit=0&sort=name',
    );

    expect(status).toBe(400);
    expect(json['problems']).toHaveLength(7);
    for (const said of [
      'did you mean "open"',
      'did you mean "high"',
      `did you mean "${consent}"`,
      '"sort" is not known',
    ]) {
      expect(String(json['detail'])).toContain(said);
    }
  });

  it.each(['limit=201', 'limit=1e1', 'limit=-1', 'limit=', 'text=', 'severity=low&severity=high', 'state='])(
    'refuses %s',
    async (query) => {
      expect((await api.ask('GET', `/findings?${query}`)).status).toBe(400);
    },
  );
});

describe('GET /findings/{finding}', () => {
  it.each([`profiles~${consent}`, `profiles%7E${consent}`, `profiles%2F${consent}`, `PROFILES~${consent}`])(
    'finds it as %s',
    async (segment) => {
      const { status, json } = await api.ask('GET', `/findings/${segment}`);
      expect(status).toBe(200);
      expect(json).toMatchObject({ schema: 'kerbwatch.finding/v1', id: `profiles/${consent}` });
    },
  );

  it.each([`nobody~${consent}`, 'profiles', '%00', '~', `profiles~${consent}'%20or%20'1'%20eq%20'1`, '%E0%A4%A'])(
    'is 404 for %s',
    async (segment) => {
      expect((await api.ask('GET', `/findings/${segment}`)).status).toBe(404);
    },
  );

  it('of a name that two accounts have is 409 with both, and found with the one that is meant', async () => {
    const { status, json } = await api.ask('GET', `/findings/twins~${consent}`);
    expect(status).toBe(409);
    expect(json).toMatchObject({ candidates: twins.map(({ id }) => ({ account: id, state: 'open' })) });
    expect(json['detail']).toContain('?account=');

    const one = await api.ask('GET', `/findings/twins~${consent}?account=${encodeURIComponent(twins[1].id)}`);
    expect(one.json).toMatchObject({ account: { id: twins[1].id } });
  });

  it('is 304 for whoever has its version, and whole again once it has changed', async () => {
    const path = `/findings/profiles~${consent}`;
    const etag = (await api.ask('GET', path)).headers.get('etag') ?? '';
    const held = await api.ask('GET', path, { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect(held).toMatchObject({ status: 304, body: '' });
    expect(held.headers.get('etag')).toBe(etag);

    await api.ask('PUT', `${path}/acknowledgement`, { body: { note: 'Known' } });
    expect((await api.ask('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });
});

describe('PUT and DELETE /findings/{finding}/acknowledgement', () => {
  const path = `/findings/profiles~${consent}/acknowledgement`;

  it('acknowledges, and takes it back, in the name of the caller; history has both at once', async () => {
    const known = await api.ask('PUT', path, { body: { note: 'Ticket 4711' } });
    expect(known.json).toMatchObject({
      state: 'acknowledged',
      acknowledgement: { note: 'Ticket 4711', by: { kind: 'user', objectId: people.writer.objectId } },
    });
    const open = await api.ask('DELETE', path);
    expect(open.json).toMatchObject({ state: 'open' });

    const { json } = await api.ask('GET', `/findings/profiles~${consent}/history`);
    expect(json['entries']).toMatchObject([
      { what: `${consent} opened` },
      {
        what: `${consent} acknowledged`,
        note: 'Ticket 4711',
        who: `user ${people.writer.objectId}`,
        cause: { kind: 'person' },
      },
      { what: `${consent} unacknowledged`, who: `user ${people.writer.objectId}` },
    ]);
    expect(api.memory.store.unsent()).toEqual([]);
    const kinds = api.memory.store.appended().map(({ kind, cause }) => `${kind} ${cause.kind}`);
    expect(kinds.slice(-2)).toEqual(['acknowledged person', 'unacknowledged person']);
  });

  it('changes nothing when it is so already', async () => {
    const first = await api.ask('PUT', path, { body: { note: 'Known' } });
    const before = await api.everything();
    const again = await api.ask('PUT', path, { body: { note: 'Known again' } });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await api.everything()).toBe(before);
  });

  it('takes the version of the last answer, and none that is stale', async () => {
    const get = await api.ask('GET', `/findings/profiles~${consent}`);
    const seen = get.headers.get('etag') ?? '';
    const changed = await api.ask('PUT', path, { body: { note: 'Known' }, headers: { 'if-match': seen } });
    expect(changed.status).toBe(200);
    const before = await api.everything();

    for (const tag of [seen, `W/${changed.headers.get('etag') ?? ''}`, '"x"']) {
      const stale = await api.ask('DELETE', path, { headers: { 'if-match': tag } });
      expect(stale.status).toBe(412);
    }
    for (const tag of ['x', '"x', `${seen} ${seen}`, '']) {
      expect((await api.ask('DELETE', path, { headers: { 'if-match': tag } })).status, tag).toBe(400);
    }
    expect(await api.everything()).toBe(before);

    const current = changed.headers.get('etag') ?? '';
    expect((await api.ask('DELETE', path, { headers: { 'if-match': `"x", ${current}` } })).status).toBe(200);
    expect((await api.ask('PUT', path, { body: { note: 'x' }, headers: { 'if-match': '*' } })).status).toBe(200);
  });

  it('is 412, and nothing is written, when somebody gets between the check and the change', async () => {
    let isFirst = true;
    const raced = apiOverMemory({
      accounts: [kerberosAccount('profiles')],
      findings: (store) => ({
        ...store,
        commit: async (partition, commits) => {
          const [commit] = commits;
          if (isFirst && commit !== undefined) {
            isFirst = false;
            await store.commit(partition, [
              { ...commit, transition: null, finding: { ...commit.finding, state: 'open' } },
            ]);
          }
          return store.commit(partition, commits);
        },
      }),
    });
    await raced.night('run-1');
    const etag = (await raced.ask('GET', `/findings/profiles~${consent}`)).headers.get('etag') ?? '';

    const answer = await raced.ask('PUT', path, { body: { note: 'Known' }, headers: { 'if-match': etag } });

    expect(answer.status).toBe(412);
    expect(raced.memory.store.all()).toMatchObject([{ state: 'open' }]);
  });

  it.each([
    [`/findings/twins~${consent}/acknowledgement`, 409],
    [`/findings/nobody~${consent}/acknowledgement`, 404],
  ])('%s is %i, and changes nothing', async (where, status) => {
    const before = await api.everything();
    expect((await api.ask('PUT', where, { body: { note: 'x' } })).status).toBe(status);
    expect((await api.ask('DELETE', where)).status).toBe(status);
    expect(await api.everything()).toBe(before);
  });

  it('is 409 where there is nothing to acknowledge', async () => {
    await api.ask('POST', '/waivers', {
      body: { finding: `profiles/${consent}`, reason: 'x', owner: 'storage', until: '2026-12-24' },
    });
    const before = await api.everything();
    const { status, json } = await api.ask('PUT', path, { body: { note: 'x' } });
    expect(status).toBe(409);
    expect(json['detail']).toBe(`profiles/${consent} is waived: only an open finding can be acknowledged.`);
    expect(await api.everything()).toBe(before);
  });

  it.each([
    [{}, '"note"'],
    [{ note: 7 }, '"note"'],
    [{ note: ' ' }, 'needs a note'],
    [{ note: 'x'.repeat(1001) }, '1000 characters'],
    [{ note: 'x', until: '2027-01-01', nte: 1 }, '"until" is not known; "nte" is not known; did you mean note?'],
    [[], 'body'],
    [null, 'body'],
  ])('refuses the body %j, and changes nothing', async (body, said) => {
    const before = await api.everything();
    const { status, json } = await api.ask('PUT', path, { body });
    expect(status).toBe(400);
    expect(json['detail']).toContain(said);
    expect(await api.everything()).toBe(before);
  });
});
