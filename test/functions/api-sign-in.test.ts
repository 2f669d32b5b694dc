import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { placeOf } from '../../domain/findings/place.ts';
import { people, operator, approver } from '../../infra/local/identity/people.ts';
import { kerbwatch, type Ran } from '../cli/recorded-io.ts';
import { eventually, startTestCloud, type TestCloud } from '../support/embedded-cloud.ts';

let test: TestCloud;
let tokens: Readonly<Record<string, string>>;
let ids: readonly string[];

beforeAll(async () => {
  test = await startTestCloud({ waivers: { requireApproval: true }, remediation: {} });
  const { cloud } = test;
  tokens = Object.fromEntries(
    await Promise.all(people.map(async (person) => [person.name, await cloud.personToken(person, 3600)] as const)),
  );
  await cloud.host.runTimer('nightly-audit');
  ids = await eventually('findings', async () => {
    const open = await Array.fromAsync(cloud.store.findings.list('open'));
    const ofAccounts = open.filter(({ account }) => account !== null).map(({ id }) => id);
    return ofAccounts.length < 4 ? null : ofAccounts;
  });
}, 60_000);

afterAll(() => test.stop());

/** The command line as somebody at another terminal would use it; no store is named. */
function run(name: string, ...argv: readonly string[]): Promise<Ran> {
  const { environment, apiAddress } = test.cloud;
  return kerbwatch(['findings', ...argv], {
    env: {
      KERBWATCH_API: apiAddress,
      KERBWATCH_TOKEN: tokens[name],
      KERBWATCH_ARM_ENDPOINT: environment['KERBWATCH_ARM_ENDPOINT'],
      KERBWATCH_GRAPH_ENDPOINT: environment['KERBWATCH_GRAPH_ENDPOINT'],
    },
  });
}

function stored(): Promise<Response> {
  const authorization = `Bearer ${tokens['auditor'] ?? ''}`;
  return fetch(`${test.cloud.apiAddress}/v1/findings`, { headers: { authorization } });
}

async function finding(id: string): Promise<{ readonly state: string; readonly actors: readonly unknown[] }> {
  const { findings, history } = test.cloud.store;
  const [found] = await findings.find(id);
  if (found === undefined) throw new Error(`${id} is not stored`);
  const { state, rule } = found.finding;
  const told = await history.of(placeOf(found.finding).key);
  return { state, actors: told.filter((each) => each.rule === rule).map(({ cause }) => cause.actor) };
}

function idAt(number: number): string {
  const id = ids[number];
  if (id === undefined) throw new Error(`There are fewer than ${String(number)} findings`);
  return id;
}

const terms = ['--reason', 'Migration', '--owner', 'Storage team', '--until'] as const;
const inAMonth = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10);

describe('The command line through the HTTP API', () => {
  it('acknowledges as the person whose token it shows, and history says so', async () => {
    const id = idAt(0);
    const ran = await run('operator', 'ack', id, '--note', 'The team is on it');

    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^state +acknowledged$/mu);
    expect(ran.stdout).toMatch(new RegExp(`"The team is on it", by user ${operator.objectId}`, 'u'));
    await test.cloud.host.runTimer('dispatch-outbox');
    expect((await finding(id)).actors.at(-1)).toEqual({ kind: 'user', objectId: operator.objectId });

    const back = await run('operator', 'unack', id, '--format', 'json');
    expect(JSON.parse(back.stdout)).toMatchObject({ schema: 'kerbwatch.finding/v1', id, state: 'open' });
  });

  it.each([
    ['auditor', ['ack', '--note', 'x'], 'Findings.Write'],
    ['approver', ['ack', '--note', 'x'], 'Findings.Write'],
    ['auditor', ['waive', ...terms, inAMonth], 'Findings.Write'],
  ])(
    'refuses the %s %j with exit 4, names the role, and changes nothing',
    async (name, [command = '', ...rest], role) => {
      const ran = await run(name, command, idAt(1), ...rest);
      expect(ran).toMatchObject({ code: 4, stdout: '' });
      expect(ran.stderr).toContain(role);
      expect((await finding(idAt(1))).state).toBe('open');
    },
  );

  it('lets a waiver hold once another person has approved it, and no earlier', async () => {
    const id = idAt(2);
    const asked = await run('operator', 'waive', id, ...terms, inAMonth, '--format', 'json');
    const waiver = (JSON.parse(asked.stdout) as { id: string }).id;
    expect((await finding(id)).state).toBe('open');

    const byHimself = await run('operator', 'approve', waiver);
    const byAuditor = await run('auditor', 'approve', waiver);
    expect([byHimself.code, byAuditor.code, (await finding(id)).state]).toEqual([4, 4, 'open']);

    const approved = await run('approver', 'approve', waiver);
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    expect(approved.stdout).toMatch(/^\w+ +waived /mu);
    expect((await finding(id)).state).toBe('waived');

    expect((await run('approver', 'approve', waiver)).stderr).toContain('waits for no approval');
    await test.cloud.host.runTimer('dispatch-outbox');
    expect((await finding(id)).actors.at(-1)).toEqual({ kind: 'user', objectId: approver.objectId });

    const back = await run('operator', 'unwaive', id);
    expect([back.code, (await finding(id)).state]).toEqual([0, 'open']);
  });

  it('refuses garbage for a token with exit 4', async () => {
    tokens = { ...tokens, nobody: 'garbage' };
    const ran = await run('nobody', 'ack', idAt(1), '--note', 'x');
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(ran.stderr).toContain('The token was refused');
  });
});

describe('Over HTTP', () => {
  it.each([
    ['no token', {}, 401, 'Bearer realm="kerbwatch"'],
    ['a token of the functions’ own', { authorization: 'Bearer workload' }, 401, 'error="invalid_token"'],
  ])('%s is answered as a problem with a challenge', async (_, headers, status, challenge) => {
    const response = await fetch(`${test.cloud.apiAddress}/v1/findings`, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(response.headers.get('www-authenticate')).toContain(challenge);
  });

  it('a flood without tokens is turned away, and who has one is served meanwhile', async () => {
    const flood = Array.from({ length: 300 }, () => fetch(`${test.cloud.apiAddress}/v1/findings`));
    const served = await stored();
    const answers = await Promise.all(flood);
    const statuses = new Set(answers.map(({ status }) => status));

    expect([...statuses].sort()).toEqual([401, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/u);
    expect([served.status, (await stored()).status]).toEqual([200, 200]);
  }, 30_000);

  it('one caller’s flood is turned away, and another caller is served', async () => {
    const authorization = `Bearer ${tokens['operator'] ?? ''}`;
    const flood = Array.from({ length: 300 }, () =>
      fetch(`${test.cloud.apiAddress}/v1/rules`, { headers: { authorization } }),
    );
    const statuses = (await Promise.all(flood)).map(({ status }) => status);

    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect((await stored()).status).toBe(200);
  }, 30_000);
});
