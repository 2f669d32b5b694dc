import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../../infra/config.ts';
import { kerbwatch, type Ran } from '../recorded-io.ts';
import { problem, type Served, type ServedApi, servedApi, token } from './served-api.ts';

const id = 'profiles/consent-granted';

let api: ServedApi;

beforeEach(async () => {
  api = await servedApi();
});

afterEach(() => api.stop());

function ack(env: Environment = {}): Promise<Ran> {
  return kerbwatch(['findings', 'ack', id, '--note', 'Known'], { env: { ...api.env, ...env } });
}

describe('A command that changes what is stored, with KERBWATCH_API', () => {
  it.each<[readonly string[], string, string, object | null]>([
    [['ack', id, '--note', 'x'], 'PUT', '/findings/profiles~consent-granted/acknowledgement', { note: 'x' }],
    [
      ['unack', '-/coverage-lost/tenant:x y'],
      'DELETE',
      '/findings/-~coverage-lost~tenant%3Ax%20y/acknowledgement',
      null,
    ],
    [['unwaive', 'w1'], 'DELETE', '/waivers/w1', null],
    [['approve', '../runs?x#y'], 'POST', '/waivers/..%2Fruns%3Fx%23y/approval', null],
    [
      [
        'waive',
        '--tag',
        'env=test',
        '--only-rule',
        'mfa-excluded',
        '--reason',
        'r',
        '--owner',
        'o',
        '--until',
        '2027-02-28',
      ],
      'POST',
      '/waivers',
      { tag: { name: 'env', value: 'test' }, onlyRule: 'mfa-excluded', reason: 'r', owner: 'o', until: '2027-02-28' },
    ],
    [
      ['waive', id, '--reason', 'r', '--owner', 'o', '--until', '2027-02-28'],
      'POST',
      '/waivers',
      { finding: id, reason: 'r', owner: 'o', until: '2027-02-28' },
    ],
  ])('sends for %j what it asks, once, with the token', async (argv, method, path, body) => {
    api.answer = () => problem(409, 'It cannot be done now', 'Nothing to do.');
    await kerbwatch(['findings', ...argv], { env: api.env });

    expect(api.sent).toMatchObject([{ method, path: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } }]);
    expect(api.sent[0]?.body === '' ? null : JSON.parse(api.sent[0]?.body ?? '')).toEqual(body);
  });

  it('says which other waiver still covers what was unwaived; an API of before said nothing of it', async () => {
    const waiver = {
      ...{
        id: 'w1',
        scope: { kind: 'rule', rule: 'consent-granted' },
        reason: 'r',
        owner: { kind: 'team', name: 'o' },
      },
      ...{ from: '2026-11-21T12:00:00.000Z', until: '2026-12-25T00:00:00.000Z', createdAt: '2026-11-21T12:00:00.000Z' },
      ...{ createdBy: { kind: 'user', objectId: 'x' }, approval: { state: 'not-needed' }, removed: null },
    };
    const answer = { schema: 'kerbwatch.waiver/v1', ...waiver, id: 'w2', findings: [] };
    const answered = (document: object): Promise<Ran> => {
      api.answer = () => ({ status: 200, body: JSON.stringify(document) });
      return kerbwatch(['findings', 'unwaive', 'w2'], { env: api.env });
    };
    const names = ['a/x', 'b/x', 'c/x', 'd/x'].map((name) => ({ id: name, account: null }));

    const told = await answered({ ...answer, others: [{ waiver, findings: names }] });
    expect([told.code, told.stdout]).toEqual([
      0,
      expect.stringContaining(
        'Under another waiver: a/x, b/x, c/x and 1 more. Waiver w1 covers consent-granted everywhere (owner: o) ' +
          'until the end of 2026-12-24; kerbwatch findings unwaive w1 takes it back.',
      ),
    ]);
    expect((await answered(answer)).stdout).not.toContain('Under another');
  });

  it('says that nothing changed where somebody has acknowledged it already, with another note', async () => {
    const at = '2026-11-21T12:00:00.000Z';
    const finding = {
      ...{ schema: 'kerbwatch.finding/v1', id, rule: 'consent-granted', state: 'acknowledged', outcome: 'fail' },
      ...{ severity: 'critical', account: null, subject: null, title: 't', evidence: {}, deciders: [], episode: 1 },
      ...{ firstSeenAt: at, lastSeenAt: at, openedAt: at, changedAt: at, factsReadAt: at, cameBackAt: [] },
      ...{ waiver: null, repair: null, page: 'p' },
    };
    const acknowledgedWith = (note: string): Promise<Ran> => {
      const acknowledgement = { by: { kind: 'user', objectId: 'x' }, note, at };
      api.answer = () => ({ status: 200, body: JSON.stringify({ ...finding, acknowledgement }) });
      return ack();
    };

    expect(await acknowledgedWith('Change 4711')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Change 4711') as unknown,
      stderr: `${id} was acknowledged already; nothing changed.\n`,
    });
    expect(await acknowledgedWith('Known')).toMatchObject({ code: 0, stderr: '' });
  });

  it('asks no store, and needs none', async () => {
    api.answer = () => problem(404, 'There is no such thing', 'There is no finding "profiles/consent-granted".');
    expect(await ack()).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no finding') as unknown });
  });

  it.each<[string, Served, number, string]>([
    ['a missing role', problem(403, 'A role is missing', 'It takes Findings.Write.'), 4, 'It takes Findings.Write.'],
    ['a refused token', problem(401, 'The token was refused', 'It has expired.'), 4, 'It has expired.'],
    [
      'a conflict',
      problem(409, 'Somebody else was first', 'Send it again.'),
      2,
      'Somebody else was first: Send it again.',
    ],
    ['a mistake', problem(400, 'The request is wrong', 'A note is missing.'), 2, 'A note is missing.'],
    [
      'a name that two accounts have',
      problem(409, 'The name is not unique', 'Say which.', { candidates: [{ account: '/subscriptions/1/a' }] }),
      2,
      '(/subscriptions/1/a)',
    ],
    [
      'too many requests',
      { ...problem(429, 'Too many requests', 'Wait.'), headers: { 'Retry-After': '7' } },
      2,
      'Try again in 7 s.',
    ],
    ['a fault', problem(500, 'Something went wrong', 'The log says what.'), 2, 'The log says what.'],
    ['an error page', { status: 502, body: '<html>Bad gateway</html>' }, 2, 'it answered 502'],
    ['a problem that is none', { status: 400, body: '{"title":7}' }, 2, 'it answered 400'],
    [
      'a page',
      { status: 200, body: '<html>Hello</html>' },
      2,
      'no Kerbwatch API answers there (what came is no JSON); check',
    ],
    ['a path that is not there', { status: 404, body: '' }, 2, 'no Kerbwatch API answers there (404); check which app'],
    [
      'a page that is not there',
      { status: 404, body: '<html>Not found</html>' },
      2,
      'no Kerbwatch API answers there (404)',
    ],
    ['a path of something else', { status: 405, body: '{"error":"no"}' }, 2, 'no Kerbwatch API answers there (405)'],
    ['JSON of something else', { status: 200, body: '{"value":[]}' }, 2, 'does not understand'],
  ])('meets %s in one line, with nothing on stdout', async (_, served, code, said) => {
    api.answer = () => served;
    const ran = await ack();

    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ran.stderr).not.toContain(token);
  });

  it('lets no answer steer the terminal or the build agent', async () => {
    api.answer = () => problem(400, 'x', '\u001B[2Jgone\n##vso[task.setvariable]y');
    const { stderr } = await ack();
    expect([stderr.includes('\u001B'), stderr.includes('##vso')]).toEqual([false, false]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])('follows no redirect (%d): the token is for the API alone', async (status) => {
    const other = await servedApi();
    try {
      api.answer = () => ({ status, headers: { location: `${other.address}/v1/findings` }, body: '' });
      const ran = await ack();

      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toContain(new URL(other.address).origin);
      expect(other.sent).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it('says when nobody answers there', async () => {
    const gone = await servedApi();
    await gone.stop();
    const ran = await ack({ KERBWATCH_API: gone.address });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toBe(
      `KERBWATCH_API (${gone.address}): it cannot be reached (ECONNREFUSED); check the address, and whether the app is running.\n`,
    );
  });

  it.each<[string, Served]>([
    ['nothing', { status: 404, body: '' }],
    ['a start page', { status: 200, body: '<html>Your app is running</html>' }],
    ['a host that knows its routes', problem(404, 'x', 'x', { type: 'urn:kerbwatch:problem:no-function' })],
  ])('is told to add /api where %s answers at the address of the app', async (_, served) => {
    api.answer = () => served;
    const { origin } = new URL(api.address);
    const ran = await ack({ KERBWATCH_API: `${origin}/` });

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`the address ends in /api: set KERBWATCH_API to ${origin}/api.`);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('tells what the API says where the API does not know what is asked for', async () => {
    api.answer = () => problem(404, 'There is no such thing', 'There is no waiver "w1".');
    const ran = await ack({ KERBWATCH_API: new URL(api.address).origin });
    expect(ran.stderr).toContain('There is no waiver');
    expect(ran.stderr).not.toContain('/api');
  });

  it('goes by the settings of the API', async () => {
    const terms = ['--reason', 'r', '--owner', 'o', '--until', '2027-02-28'];
    const ran = await kerbwatch(['findings', 'waive', id, ...terms, '--settings', 'x.json'], { env: api.env });
    expect([ran.code, api.sent]).toEqual([2, []]);
    expect(ran.stderr).toContain('its own settings');
  });
});

describe('KERBWATCH_API', () => {
  const remote = 'https://func.example.net/api';

  it.each<[string, Environment, number, RegExp]>([
    ['that is no address', { KERBWATCH_API: 'func' }, 2, /give an address such as https/u],
    ['over http elsewhere', { KERBWATCH_API: 'http://func.example.net/api' }, 2, /use https/u],
    ['with a password', { KERBWATCH_API: 'https://a:b@func.example.net/api' }, 2, /more than an address/u],
    [
      'with the version that the command adds itself',
      { KERBWATCH_API: `${remote}/v1/` },
      2,
      /ends in \/v1, which is added to it; https:\/\/func\.example\.net\/api is what belongs there/u,
    ],
    ['with a token that is broken over two lines', { KERBWATCH_TOKEN: 'abc\ndef' }, 2, /KERBWATCH_TOKEN is no token/u],
    ['with a query', { KERBWATCH_API: `${remote}?code=1` }, 2, /more than an address/u],
    [
      'elsewhere, with a token for loopback',
      { KERBWATCH_API: remote },
      2,
      /KERBWATCH_TOKEN is only for the embedded cloud/u,
    ],
    ['on loopback, with a token for it, while ARM is real', { KERBWATCH_ARM_ENDPOINT: '' }, 2, /KERBWATCH_TOKEN/u],
    [
      'elsewhere, while nobody says for which audience a token is',
      { KERBWATCH_API: remote, KERBWATCH_TOKEN: '' },
      2,
      /KERBWATCH_API_AUDIENCE is not set; set it to the application ID URI/u,
    ],
    [
      'over http on this machine, without its token',
      { KERBWATCH_TOKEN: '', KERBWATCH_API_AUDIENCE: 'api://kerbwatch' },
      4,
      /Kerbwatch API was refused.*plain http, which takes no real token/u,
    ],
  ])('%s is refused, and nothing is sent', async (_, env, code, said) => {
    const ran = await ack(env);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(said);
    expect(api.sent).toEqual([]);
  });
});
