import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../infra/config.ts';
import { administrator } from '../../infra/local/administrator.ts';
import { type LocalStorage, startLocalStorage } from '../../infra/local/storage/azurite.ts';
import { unavailable } from '../../domain/model/collection.ts';
import { gap, guid } from '../domain/build.ts';
import { directoryOf } from '../domain/estate.ts';
import { accountIn, type FilledStore, fillStore } from './filled-store.ts';
import { kerbwatch, type Ran } from './recorded-io.ts';

const names = ['profiles', 'homes', 'known', 'waived', 'wide', 'wider', 'mended'] as const;
const twins = [accountIn(8, 'twins'), accountIn(9, 'twins')] as const;
const accounts = [...names.map((name, index) => accountIn(index < 2 ? 2 : 3, name)), ...twins];
const consent = 'consent-granted';
const lost = '-/coverage-lost/tenant:oauth2-permission-grants';
const inAMonth = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10);

let storage: LocalStorage;
let filled: FilledStore;
let beforeAnyAudit: Ran;

beforeAll(async () => {
  storage = await startLocalStorage();
  filled = fillStore(storage.connectionString, accounts);
  beforeAnyAudit = await run('list');
  await filled.night('run-1');
  filled.world.directory = directoryOf(
    accounts.map(({ name }) => name),
    ['mended'],
  );
  await filled.night('run-2');
  const { directory } = filled.world;
  filled.world.directory = { ...directory, oauth2PermissionGrants: unavailable(gap('oauth2-permission-grants')) };
  await filled.night('run-3');
  filled.world.directory = directory;
}, 60_000);

afterAll(() => storage.stop());

function run(...argv: readonly string[]): Promise<Ran> {
  return runIn({ AzureWebJobsStorage: storage.connectionString }, ...argv);
}

function runIn(env: Environment, ...argv: readonly string[]): Promise<Ran> {
  return kerbwatch(['findings', ...argv], { env });
}

interface FindingJson {
  readonly id: string;
  readonly state: string;
  readonly history?: readonly { readonly what: string; readonly who: string; readonly note: string | null }[];
  readonly waiver?: { readonly id: string; readonly reason: string } | null;
}

interface ListJson {
  readonly total: number;
  readonly leftOut: { readonly byState: Record<string, number>; readonly byOtherFilters: number };
  readonly findings: readonly FindingJson[];
}

async function json<T>(...argv: readonly string[]): Promise<T> {
  const { stdout, code, stderr } = await run(...argv, '--format', 'json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

async function idsOf(...filters: readonly string[]): Promise<readonly string[]> {
  return (await json<ListJson>('list', ...filters)).findings.map(({ id }) => id);
}

async function stateOf(id: string): Promise<string> {
  return (await json<FindingJson>('show', id)).state;
}

function waive(...scope: readonly string[]): Promise<Ran> {
  return run('waive', ...scope, '--reason', 'Migration', '--owner', 'Storage', '--until', inAMonth);
}

describe('kerbwatch findings list', () => {
  it('says of an empty store that no audit has stored anything', () => {
    expect(beforeAnyAudit).toMatchObject({ code: 0, stderr: '' });
    expect(beforeAnyAudit.stdout).toMatch(/^No audit has stored anything at 127\.0\.0\.1:\d+ yet\.\n$/u);
  });

  it('lists faults that are there, the worst first, and says how many it left out', async () => {
    const { stdout, code } = await run('list');
    const [header, first, ...rest] = stdout.trimEnd().split('\n');

    expect(code).toBe(0);
    expect(header).toMatch(/^severity +state +outcome +account +rule +since +title$/u);
    expect(first).toMatch(/^critical +open +fail +homes +consent-granted +2026-11-21T12:01:00Z +\S/u);
    expect(rest.find((line) => line.includes('(tenant)'))).toMatch(/^high .*\[-\/coverage-lost\/tenant:/u);
    expect(rest.at(-1)).toBe('9 of 10 findings. Left out: 1 resolved (--state all shows them).');
  });

  it.each<[readonly string[], readonly string[]]>([
    [['--state', 'resolved'], [`mended/${consent}`]],
    [['--state', 'Resolved,gone', '--account', 'm*'], [`mended/${consent}`]],
    [['--rule', 'Coverage-Lost'], [lost]],
    [['--account', 'pro*'], [`profiles/${consent}`]],
    [
      ['--subscription', guid(2)],
      [`homes/${consent}`, `profiles/${consent}`],
    ],
    [['--text', 'Coverage-Lost/TENANT'], [lost]],
    [['--text', 'profiles', '--severity', 'low'], [`profiles/${consent}`]],
    [['--severity', 'critical', '--rule', 'coverage-lost'], []],
  ])('shows with %j what fits', async (filters, ids) => {
    expect(await idsOf(...filters)).toEqual(ids);
  });

  it('counts in JSON what each filter left out', async () => {
    const { total, leftOut, findings } = await json<ListJson>('list', '--account', 'mended');
    expect([total, leftOut, findings]).toEqual([10, { byState: { resolved: 1 }, byOtherFilters: 9 }, []]);
  });

  it.each(['abc', '', `${guid(2)}x`])('refuses %j as a subscription', async (typed) => {
    const ran = await run('list', '--subscription', typed);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('is no subscription id: give the GUID');
  });

  it('says of a subscription that no audit has seen one of its accounts, and of an audited one nothing', async () => {
    const [strange, known] = await Promise.all([
      run('list', '--subscription', guid(0x77).toUpperCase()),
      run('list', '--subscription', guid(2).toUpperCase(), '--state', 'gone'),
    ]);
    expect(strange).toMatchObject({
      code: 0,
      stderr: `No audit has seen a storage account of subscription ${guid(0x77)}.\n`,
    });
    expect(known).toMatchObject({ code: 0, stderr: '' });
  });

  it('refuses a rule that nobody knows, since no findings of it is no health', async () => {
    const ran = await run('list', '--rule', 'consent-grant');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`Did you mean ${consent}?`);
  });
});

describe('kerbwatch findings show', () => {
  it('tells where a finding stands, its evidence, what happened to it, and where to read on', async () => {
    const { stdout, code } = await run('show', `PROFILES/${consent}`);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^profiles\/consent-granted {2}critical fail\n/u);
    expect(stdout).toMatch(/^account +\/subscriptions\/.*\/storageAccounts\/profiles$/mu);
    expect(stdout).toMatch(/^Evidence\n {2}\w/mu);
    expect(stdout).toContain('2026-11-21T12:01:00Z  who did it is not known; seen by the nightly audit run-1\n');
    expect(stdout).toContain('consent-granted opened: open, fail, critical');
    expect(stdout).toMatch(/kerbwatch explain consent-granted\n$/u);
  });

  it('tells when the fault was last seen: by the last run that read all it takes, not by the one that could not', async () => {
    expect((await run('show', `profiles/${consent}`)).stdout).toMatch(/^last seen +2026-11-21T12:02:00Z$/mu);
    expect(await json('show', `profiles/${consent}`)).toMatchObject({ lastSeenAt: '2026-11-21T12:02:00.000Z' });
    const { findings } = await json<{ findings: readonly { id: string; lastSeenAt: string | null }[] }>('list');
    expect(findings.find(({ id }) => id === `profiles/${consent}`)?.lastSeenAt).toBe('2026-11-21T12:02:00.000Z');
  });

  it('says nothing of when a closed one was last seen', async () => {
    expect(await json('show', `mended/${consent}`)).toMatchObject({ state: 'resolved', lastSeenAt: null });
    expect((await run('show', `mended/${consent}`)).stdout).not.toContain('last seen');
  });

  it('takes the id of a finding about the tenant, which begins as an option does', async () => {
    expect(await stateOf(lost)).toBe('open');
  });

  it('asks which one is meant where two accounts have the name, and takes the ARM id', async () => {
    const ran = await run('show', `twins/${consent}`);
    const ids = twins.map(({ id }) => `${id}/${consent}`);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ids.filter((id) => !ran.stderr.includes(id))).toEqual([]);
    expect((await run('show', ids[1] ?? '')).stdout).toContain(twins[1].id);
  });

  it.each([
    [`profile/${consent}`, `Did you mean profiles/${consent}?`],
    ['profiles', `those of it are:\n  profiles/${consent}`],
    ['nothing/like-it', 'There is no finding nothing/like-it.'],
    ['', 'Which finding? Give its id'],
    [' ', 'Which finding? Give its id'],
    [`${twins[0].id}/mfa-excluded`, 'There is no finding'],
  ])('does not know %s, and says how to go on', async (id, said) => {
    const ran = await run('show', id);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  });
});

describe('kerbwatch findings ack', () => {
  it('marks a finding as known, and history names the person at once', async () => {
    const { stdout, code } = await run('ack', `known/${consent}`, '--note', 'The team is on it');
    expect([code, /^state +acknowledged$/mu.test(stdout)]).toEqual([0, true]);

    const { history } = await json<FindingJson>('show', `known/${consent}`);
    expect(history?.at(-1)).toMatchObject({
      what: `${consent} acknowledged`,
      who: `user ${administrator.objectId}`,
      note: 'The team is on it',
    });
    await filled.dispatch();
    expect((await json<FindingJson>('show', `known/${consent}`)).history).toEqual(history);
  });

  it('again says that nothing changed; taken back, the finding is open', async () => {
    await run('ack', `known/${consent}`, '--note', 'Once');
    const again = await run('ack', `known/${consent}`, '--note', 'Twice');
    const back = await run('unack', `known/${consent}`);

    expect(again).toMatchObject({ code: 0, stderr: `known/${consent} was acknowledged already; nothing changed.\n` });
    expect(back.stdout).toMatch(/^state +open$/mu);
  });

  it.each([
    [['ack', `profiles/${consent}`, '--note', ' '], 'needs a note'],
    [['ack', `profiles/${consent}`], "required option '--note <text>'"],
    [['ack', `mended/${consent}`, '--note', 'x'], 'only an open finding'],
    [['ack', `twins/${consent}`, '--note', 'x'], 'could be 2 findings'],
  ])('%j is refused', async (argv, said) => {
    const ran = await run(...argv);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  });

  it('of one of two accounts of a name leaves the other', async () => {
    const [one, other] = twins.map(({ id }) => `${id}/${consent}`);
    await run('ack', one ?? '', '--note', 'This one');
    expect([await stateOf(one ?? ''), await stateOf(other ?? '')]).toEqual(['acknowledged', 'open']);
  });

  it('refuses what a newer version wrote, and the list still shows it', async () => {
    const id = `homes/${consent}`;
    const [stored] = await filled.store.findings.find(id);
    if (stored === undefined) throw new Error(`${id} is not stored`);
    const write = (finding: object, version: string): Promise<void> =>
      filled.store.findings.commit(guid(2), [{ finding: finding as never, version, transition: null, effects: [] }]);
    await write({ ...stored.finding, state: 'quarantined' }, stored.version);

    const ran = await run('ack', id, '--note', 'x');
    const listed = await idsOf('--account', 'homes');
    const [changed] = await filled.store.findings.find(id);
    await write(stored.finding, changed?.version ?? '');

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('"quarantined", which this version does not know');
    expect(listed).toEqual([id]);
  });
});

describe('kerbwatch findings waive', () => {
  it('accepts one finding until a day; unwaive opens it again', async () => {
    const ran = await waive(`waived/${consent}`);
    expect(ran.stdout).toContain(`until the end of ${inAMonth}: ${consent} on waived (owner: Storage), "Migration"`);
    expect(ran.stdout).toMatch(/^critical +waived +fail +waived +consent-granted/mu);
    expect(await json<FindingJson>('show', `waived/${consent}`)).toMatchObject({
      state: 'waived',
      waiver: { reason: 'Migration' },
    });

    expect((await run('waivers')).stdout).toMatch(/\n\n1 waiver\.\n$/u);
    const back = await run('unwaive', `waived/${consent}`);
    expect(back.stdout).toMatch(/^critical +open +fail +waived/mu);
    expect((await run('show', `waived/${consent}`)).stdout).not.toContain('came back');
    expect((await run('waivers')).stdout).toMatch(/^0 waivers\. 1 is over \(--all lists it\)\.\n$/u);

    const id = /^Waiver (\w+)/u.exec(back.stdout)?.[1] ?? '';
    const again = await run('unwaive', id);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(
      new RegExp(`^Waiver ${id} was taken back already, on \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z; nothing changed\\.?\n$`, 'u'),
    );
  });

  it('that another waiver covers already is refused with the id of that one', async () => {
    const first = await waive(`waived/${consent}`);
    const id = /^Waiver (\w+)/u.exec(first.stdout)?.[1] ?? '';
    const again = await waive(`waived/${consent}`);
    await run('unwaive', id);

    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain(`Waiver ${id} already covers ${consent} on waived until the end of ${inAMonth}`);
  });

  it('of more than one finding is taken back by its own id alone', async () => {
    await waive('--account', 'wide', '--only-rule', consent);
    const refused = await run('unwaive', `wide/${consent}`);
    const id = /kerbwatch findings unwaive (\w+)/u.exec(refused.stderr)?.[1] ?? '';

    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect((await run('waivers')).stdout).toMatch(
      new RegExp(`^${id} +holds +${inAMonth} +consent-granted on wide`, 'mu'),
    );
    expect((await run('unwaive', `${id}x`)).stderr).toContain(`Did you mean ${id}?`);
    expect((await run('unwaive', id)).stdout).toMatch(/^critical +open +fail +wide/mu);
    expect((await run('waivers')).stdout).not.toContain(id);
    expect((await run('waivers', '--all')).stdout).toMatch(new RegExp(`^${id} +over `, 'mu'));
  });

  it('taken back says which other waiver still covers it, and how that one is taken back', async () => {
    const wide = /^Waiver (\w+)/u.exec((await waive('--account', 'wide', '--only-rule', consent)).stdout)?.[1] ?? '';
    await waive(`wide/${consent}`);
    const { stdout } = await run('unwaive', `wide/${consent}`);
    await run('unwaive', wide);

    expect(stdout).toMatch(/^critical +waived +fail +wide/mu);
    expect(stdout).toContain(
      `\n\nUnder another waiver: wide/${consent}. Waiver ${wide} covers ${consent} on wide (owner: Storage) ` +
        `until the end of ${inAMonth}; kerbwatch findings unwaive ${wide} takes it back.\n`,
    );
    expect(await stateOf(`wide/${consent}`)).toBe('open');
  });

  it.each([
    [['--subscription', guid(3)], `every rule in subscription ${guid(3)}`],
    [['--rule', consent], `${consent} everywhere`],
  ])('takes %j as well', async (scope, said) => {
    const { stdout } = await waive(...scope);
    const id = /^Waiver (\w+)/u.exec(stdout)?.[1] ?? '';
    await run('unwaive', id);

    expect(stdout).toContain(said);
    expect(stdout).toMatch(/^critical +waived +fail +wider/mu);
    expect(await stateOf(`wider/${consent}`)).toBe('open');
  });

  it('that waits for another person is not approved by the one who asked for it', async () => {
    const settings = JSON.stringify({ schema: 'kerbwatch.settings/v1', waivers: { requireApproval: true } });
    const env = { AzureWebJobsStorage: storage.connectionString, KERBWATCH_SETTINGS: settings };
    const terms = ['--reason', 'Migration', '--owner', 'Storage', '--until', inAMonth];
    const asked = await runIn(env, 'waive', `wide/${consent}`, ...terms, '--format', 'json');
    const { id } = JSON.parse(asked.stdout) as { id: string };
    const approved = await run('approve', id);
    const unknown = await run('approve', `${id}x`);

    expect(approved).toMatchObject({ code: 2, stdout: '' });
    expect(approved.stderr).toContain('another person than the one who asked for it');
    expect(unknown.stderr).toContain(`Did you mean ${id}?`);
    expect(await stateOf(`wide/${consent}`)).toBe('open');
    await run('unwaive', id);
  });

  it('says when it covers nothing', async () => {
    expect((await waive('--tag', 'env=test')).stdout).toMatch(
      /where tag env is test .*\n\nIt covers nothing now\.\n$/u,
    );
  });

  it.each([
    [[], 'What is waived?'],
    [['--account', 'wide', '--rule', consent], 'about one thing'],
    [['--rule', consent, '--only-rule', consent], '--only-rule narrows'],
    [['--rule', 'consent-grant'], `Did you mean ${consent}?`],
    [['--account', 'wid'], 'Did you mean wide?'],
    [['--account', 'twins'], twins[1].id],
    [['--tag', 'env'], 'env=test'],
    [['--subscription', 'prod'], '--subscription prod is no subscription id: give the GUID'],
    [[`mended/${consent}`], 'no fault to waive'],
  ])('%j is refused, and nothing is waived', async (scope, said) => {
    const ran = await waive(...scope);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(await idsOf('--state', 'waived')).toEqual([]);
  });

  it('names all that is wrong with its terms at once', async () => {
    const { code, stderr } = await run(
      ...['waive', `wide/${consent}`, '--reason', ' ', '--owner', 'jo@contoso.example', '--until', '2027-02-30'],
    );
    expect(code).toBe(2);
    for (const said of ['needs a reason', "a person's address", '"2027-02-30", is no day']) {
      expect(stderr).toContain(said);
    }
  });
});

describe('A store', () => {
  const remote = { AzureWebJobsStorage__tableServiceUri: 'https://contosokerbwatch.table.core.windows.net' };

  it.each([['ack', '--note', 'x'], ['unack'], ['approve'], ['unwaive']])(
    'in Azure is not changed from here: %s',
    async (...command) => {
      const [name = '', ...options] = command;
      const ran = await runIn(remote, name, `profiles/${consent}`, ...options);

      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(/contosokerbwatch\.table\.core\.windows\.net.* HTTP API.*Nothing was changed/u);
    },
  );

  it('is not changed past an API that is named', async () => {
    const env = { AzureWebJobsStorage: storage.connectionString, KERBWATCH_API: 'http://127.0.0.1:1/api' };
    const local = { KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:1', KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:1' };
    const ran = await runIn({ ...env, ...local, KERBWATCH_TOKEN: 't' }, 'ack', `profiles/${consent}`, '--note', 'x');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^KERBWATCH_API \(http:\/\/127\.0\.0\.1:1\/api\): it cannot be reached/u);
    expect(await stateOf(`profiles/${consent}`)).toBe('open');
  });

  it.each<[string, Environment, RegExp]>([
    ['is not named', {}, /^Which store\? Set AzureWebJobsStorage/u],
    ['is named by what is no connection string', { AzureWebJobsStorage: 'x' }, /is no connection string/u],
    ['is asked over plain http', { AzureWebJobsStorage__tableServiceUri: 'http://contoso.example' }, /over https/u],
  ])('that %s is exit 2 with a way on', async (_, env, said) => {
    const ran = await runIn(env, 'list');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(said);
  });

  it('that refuses the key is exit 4, and says what reading needs', async () => {
    const key = Buffer.from('another key').toString('base64');
    const other = storage.connectionString.replace(/AccountKey=[^;]+/u, `AccountKey=${key}`);
    const ran = await runIn({ AzureWebJobsStorage: other }, 'list');
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(ran.stderr).toContain('Storage Table Data Reader');
    expect(ran.stderr).not.toContain(key);
  });

  it('that does not answer is exit 2, with its host and the table', async () => {
    const nowhere = storage.connectionString.replace(/(TableEndpoint=http:\/\/127\.0\.0\.1):\d+/u, '$1:1');
    const ran = await runIn({ AzureWebJobsStorage: nowhere }, 'list');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^Storage at 127\.0\.0\.1:1 cannot be reached for table findings/u);
  });
});
