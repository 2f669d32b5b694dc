import { beforeEach, describe, expect, it } from 'vitest';
import { day, guid, now } from '../../domain/build.ts';
import { kerberosAccount } from '../../domain/estate.ts';
import { type ApiOverMemory, apiOverMemory, people } from './api-over-memory.ts';

const consent = 'consent-granted';
const twins = [kerberosAccount('twins', 2), kerberosAccount('twins', 3)] as const;
const terms = { reason: 'Moves to new storage in December', owner: 'storage team', until: '2026-12-24' };
let api: ApiOverMemory;

beforeEach(async () => {
  api = apiOverMemory({
    accounts: [
      { ...kerberosAccount('profiles'), tags: { Env: 'test' } },
      kerberosAccount('homes'),
      kerberosAccount('mended'),
      ...twins,
    ],
    consented: ['mended'],
  });
  await api.night('run-1');
});

async function stateOf(account: string): Promise<unknown> {
  return (await api.ask('GET', `/findings/${account}~${consent}`)).json['state'];
}

describe('POST /waivers', () => {
  it('waives a finding until the end of a day, in the name of the caller', async () => {
    const { status, json, headers } = await api.ask('POST', '/waivers', {
      body: { finding: `profiles/${consent}`, ...terms },
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe('waivers/w1');
    expect(json).toMatchObject({
      schema: 'kerbwatch.waiver/v1',
      id: 'w1',
      scope: { kind: 'finding', rule: consent },
      owner: { kind: 'team', name: 'storage team' },
      until: '2026-12-25T00:00:00.000Z',
      createdBy: { kind: 'user', objectId: people.writer.objectId },
      approval: { state: 'not-needed' },
      findings: [{ id: `profiles/${consent}`, state: 'waived' }],
    });
    expect(await stateOf('homes')).toBe('open');
    expect(api.memory.store.appended().at(-1)).toMatchObject({
      kind: 'waived',
      cause: { kind: 'person', id: 'w1', actor: { objectId: people.writer.objectId } },
    });
    const stored = await api.ask('GET', '/waivers/w1');
    expect(stored.headers.get('etag')).toBe(headers.get('etag'));
  });

  it.each([
    [{ account: 'profiles' }, 1, { kind: 'account', rule: null }],
    [{ account: twins[0].id, onlyRule: consent }, 1, { kind: 'account', rule: consent }],
    [{ tag: { name: 'env', value: 'TEST' } }, 1, { kind: 'tag' }],
    [{ subscription: guid(3) }, 1, { kind: 'subscription', subscriptionId: guid(3) }],
    [{ rule: consent }, 4, { kind: 'rule', rule: consent }],
    [{ finding: `${twins[1].id}/${consent}` }, 1, { kind: 'finding', key: twins[1].key }],
    [{ account: 'mended' }, 0, { kind: 'account' }],
  ])('takes %j as scope', async (scope, count, stored) => {
    const { status, json } = await api.ask('POST', '/waivers', { body: { ...scope, ...terms } });
    expect(status).toBe(201);
    expect(json['findings']).toHaveLength(count);
    expect(json['scope']).toMatchObject(stored);
  });

  it.each([
    [{}, 400, 'one thing'],
    [{ account: 'profiles', rule: consent }, 400, 'one thing'],
    [{ rule: consent, onlyRule: consent }, 400, 'onlyRule narrows'],
    [{ rule: 'no-such-rule' }, 400, 'there is no rule no-such-rule'],
    [{ account: 'nobody' }, 400, 'knows no account "nobody"'],
    [{ account: 'twins' }, 409, 'ARM id'],
    [{ finding: `twins/${consent}` }, 409, 'ARM id'],
    [{ finding: 'profiles' }, 400, 'no finding "profiles"'],
    [{ finding: `mended/${consent}` }, 400, 'no finding'],
    [{ subscription: 'prod' }, 400, 'a subscription id'],
    [{ tag: 'env=test' }, 400, '"tag"'],
    [{ tag: { name: 'env', value: 'test', x: 1 } }, 400, '"tag.x" is not known'],
    [{ tag: { name: 'env', valeu: 'test' } }, 400, '"tag.valeu" is not known; did you mean value?'],
    [{ tag: { name: '', value: 7 } }, 400, '"tag.name": is empty; "tag.value": has to be text, and is a number'],
    [{ account: 'x'.repeat(601) }, 400, '"account": is longer than 600 characters'],
    [{ tag: { name: 'env', value: ' ' } }, 400, 'a tag needs a name and a value'],
    [{ account: 'profiles', approval: { state: 'approved' } }, 400, '"approval" is not known'],
  ])('refuses the scope %j with %i, and waives nothing', async (scope, status, said) => {
    const before = await api.everything();
    const answer = await api.ask('POST', '/waivers', { body: { ...scope, ...terms } });
    expect(answer.status).toBe(status);
    expect(answer.json['detail']).toContain(said);
    expect(await api.everything()).toBe(before);
  });

  it('names all that is wrong with its terms at once, and waives nothing', async () => {
    const before = await api.everything();
    const { status, json } = await api.ask('POST', '/waivers', {
      body: { account: 'profiles', reason: ' ', owner: 'jo@contoso.example', until: '2027-02-30' },
    });
    expect(status).toBe(400);
    expect(json['problems']).toHaveLength(3);
    expect(await api.everything()).toBe(before);
  });

  it.each(['reason', 'owner'])('with a %s that would steer a terminal waives nothing', async (field) => {
    const before = await api.everything();
    const body = { account: 'profiles', ...terms, [field]: '\u001B]0;owned\u0007' };
    expect((await api.ask('POST', '/waivers', { body })).status).toBe(400);
    expect(await api.everything()).toBe(before);
  });

  it('that is to make something new has nothing that If-Match could name', async () => {
    const before = await api.everything();
    const body = { account: 'profiles', ...terms };
    expect((await api.ask('POST', '/waivers', { body, headers: { 'if-match': '*' } })).status).toBe(412);
    expect(await api.everything()).toBe(before);
  });
});

describe('What a change of a waiver did to findings', () => {
  it('is told with when their fault was last seen, as each of them tells it', async () => {
    const lastSeen = async (): Promise<unknown> =>
      (await api.ask('GET', `/findings/profiles~${consent}`)).json['lastSeenAt'];
    const seen = await lastSeen();
    expect(seen).toBe(new Date(now + 60_000).toISOString());

    const made = await api.ask('POST', '/waivers', { body: { account: 'profiles', ...terms } });
    expect(made.json['findings']).toMatchObject([{ id: `profiles/${consent}`, lastSeenAt: seen }]);
    const lifted = await api.ask('DELETE', '/waivers/w1');
    expect(lifted.json['findings']).toMatchObject([{ id: `profiles/${consent}`, lastSeenAt: seen }]);
    expect(await lastSeen()).toBe(seen);
  });
});

describe('POST /waivers, five times at once', () => {
  it('makes one waiver; the others are told its id', async () => {
    const body = { account: 'profiles', onlyRule: consent, ...terms };
    const asked = Array.from({ length: 5 }, () => api.ask('POST', '/waivers', { body }));
    const answers = await Promise.all(asked);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    for (const { status, json } of answers) if (status === 409) expect(json['detail']).toContain('Waiver w1 already');
    expect((await api.ask('GET', '/waivers?all=true')).json['waivers']).toHaveLength(1);
    expect(api.memory.store.appended().filter(({ kind }) => kind === 'waived')).toHaveLength(1);
  });
});

describe('GET /waivers', () => {
  it('lists those that are not over, the one that ends first before the others; all=true the others as well', async () => {
    await api.ask('POST', '/waivers', { body: { account: 'homes', ...terms, until: '2026-12-30' } });
    await api.ask('POST', '/waivers', {
      body: { account: 'profiles', ...terms, owner: 'Storage team', until: '2026-11-22' },
    });
    await api.ask('POST', '/waivers', { body: { account: 'profiles', ...terms } });
    await api.ask('POST', '/waivers', {
      body: { account: 'profiles', ...terms, owner: 'Desktop team', from: '2026-12-20' },
    });
    api.memory.world.now = now + 3 * day;
    const idsOf = async (query: string): Promise<unknown> => {
      const { json } = await api.ask('GET', `/waivers${query}`);
      return (json['waivers'] as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`);
    };

    expect(await idsOf('')).toEqual(['w3 holds', 'w4 later', 'w1 holds']);
    expect(await idsOf('?all=true')).toEqual(['w2 over', 'w3 holds', 'w4 later', 'w1 holds']);
    expect((await api.ask('GET', '/waivers?all=yes')).status).toBe(400);
  });

  it.each(['nobody', '..', '%00', 'a%2Fb'])('of %s alone is 404', async (id) => {
    expect((await api.ask('GET', `/waivers/${encodeURIComponent(id)}`)).status).toBe(404);
  });
});

describe('DELETE /waivers/{waiver}', () => {
  it('opens again what it covered, and says so of one that is taken back already', async () => {
    const made = await api.ask('POST', '/waivers', { body: { account: 'profiles', ...terms } });
    const etag = made.headers.get('etag') ?? '';

    const lifted = await api.ask('DELETE', '/waivers/w1', { headers: { 'if-match': etag } });
    expect(lifted).toMatchObject({
      status: 200,
      json: { removed: { by: { objectId: people.writer.objectId } }, findings: [{ state: 'open' }] },
    });
    const before = await api.everything();
    expect((await api.ask('DELETE', '/waivers/w1', { headers: { 'if-match': etag } })).status).toBe(412);
    const again = await api.ask('DELETE', '/waivers/w1', {
      headers: { 'if-match': lifted.headers.get('etag') ?? '' },
    });
    expect(again).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining('taken back already') as unknown },
    });
    expect(await api.everything()).toBe(before);
  });

  it('says which other waivers still cover what it was about', async () => {
    await api.ask('POST', '/waivers', { body: { rule: consent, ...terms } });
    await api.ask('POST', '/waivers', { body: { finding: `profiles/${consent}`, ...terms } });
    const lifted = await api.ask('DELETE', '/waivers/w2');
    const others = [
      {
        waiver: { id: 'w1', scope: { kind: 'rule', rule: consent }, until: '2026-12-25T00:00:00.000Z' },
        findings: [{ id: `profiles/${consent}`, account: kerberosAccount('profiles').id }],
      },
    ];

    expect(lifted).toMatchObject({
      status: 200,
      json: { findings: [{ state: 'waived', waiver: { id: 'w1' } }], others },
    });
    expect((await api.ask('DELETE', '/waivers/w1')).json['others']).toEqual([]);
  });

  it('says so as well where it covered nothing any more, since another went before it', async () => {
    await api.ask('POST', '/waivers', { body: { rule: consent, ...terms } });
    await api.ask('POST', '/waivers', { body: { finding: `profiles/${consent}`, ...terms } });
    const { json } = await api.ask('DELETE', '/waivers/w1');
    expect((json['findings'] as readonly { readonly id: string }[]).map(({ id }) => id)).not.toContain(
      `profiles/${consent}`,
    );
    expect(json['others']).toMatchObject([{ waiver: { id: 'w2' }, findings: [{ id: `profiles/${consent}` }] }]);
  });

  it('is 404 for one that is not there, and 409 for one that ended by itself', async () => {
    await api.ask('POST', '/waivers', { body: { account: 'profiles', ...terms } });
    api.memory.world.now = Date.parse('2026-12-25T00:00:00Z');
    const before = await api.everything();
    expect((await api.ask('DELETE', '/waivers/w2')).status).toBe(404);
    expect((await api.ask('DELETE', '/waivers/w1')).status).toBe(409);
    expect(await api.everything()).toBe(before);
  });
});

describe('POST /waivers/{waiver}/approval', () => {
  beforeEach(async () => {
    api = apiOverMemory({
      accounts: [kerberosAccount('profiles')],
      given: { waivers: { requireApproval: true, warnDays: 14 } },
    });
    await api.night('run-1');
    await api.ask('POST', '/waivers', { as: 'both', body: { account: 'profiles', ...terms } });
  });

  it('makes a waiver hold that waits for it', async () => {
    expect(await stateOf('profiles')).toBe('open');
    const { headers } = await api.ask('GET', '/waivers/w1');

    const approved = await api.ask('POST', '/waivers/w1/approval', {
      as: 'approver',
      headers: { 'if-match': headers.get('etag') ?? '' },
    });

    expect(approved).toMatchObject({
      status: 200,
      json: {
        approval: { state: 'approved', by: { objectId: people.approver.objectId } },
        findings: [{ id: `profiles/${consent}`, state: 'waived' }],
      },
    });
    const again = await api.ask('POST', '/waivers/w1/approval', { as: 'approver' });
    expect(again).toMatchObject({ status: 409, json: { detail: 'Waiver w1 waits for no approval.' } });
  });

  it('is not for whoever asked for it, nor for whoever has not the role, nor of a version that is stale', async () => {
    const before = await api.everything();
    const own = await api.ask('POST', '/waivers/w1/approval', { as: 'both' });
    expect(own).toMatchObject({ status: 409 });
    expect(own.json['detail']).toContain('another person');
    const without = await api.ask('POST', '/waivers/w1/approval', { as: 'writer' });
    expect(without).toMatchObject({ status: 403 });
    expect(without.json['detail']).toContain('Waivers.Approve');
    const stale = await api.ask('POST', '/waivers/w1/approval', { as: 'approver', headers: { 'if-match': '"x"' } });
    expect(stale).toMatchObject({ status: 412 });
    expect((await api.ask('POST', '/waivers/w1/approval', { as: 'approver', raw: '{}' })).status).toBe(400);
    expect(await api.everything()).toBe(before);
  });
});
