import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../infra/config.ts';
import type { LocalAzure } from '../../infra/local/azure/server.ts';
import { kerbwatch, type Ran } from './recorded-io.ts';
import { change, sampleSnapshot, scratch } from './sample-snapshot.ts';
import { serveSnapshot } from './served-snapshot.ts';

type Wire = Readonly<Record<string, unknown>>;

function policy(over: Wire = {}, applications: Wire = { includeApplications: ['All'] }, users?: Wire): Wire {
  return {
    displayName: 'Require MFA for all users',
    state: 'enabled',
    conditions: { applications, users: users ?? { includeUsers: ['All'] } },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    ...over,
  };
}

async function fileOf(value: unknown, name = 'policy.json', directory?: string): Promise<string> {
  const path = join(directory ?? (await scratch()), name);
  await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

interface Document {
  readonly schema: string;
  readonly policies: readonly {
    readonly file: string;
    readonly id: string | null;
    readonly effectIfEnabled: string;
    readonly effect: string;
    readonly severity: string | null;
    readonly reasons: readonly string[];
    readonly accounts: readonly string[];
  }[];
  readonly whatIf?: {
    readonly userId: string | null;
    readonly complete: boolean;
    readonly missing: readonly unknown[];
    readonly apps: readonly { readonly account: string; readonly appId: string }[];
    readonly appsLeftOut: number;
    readonly policies: readonly {
      readonly displayName: string;
      readonly inTenant: boolean;
      readonly sameAsInTenant: boolean | null;
      readonly differs: boolean;
      readonly opinions: readonly Wire[];
    }[];
  };
}

interface AuditedMfa {
  readonly rule: string;
  readonly account: { readonly name: string };
  readonly evidence: { readonly apps?: readonly { readonly policies?: readonly { readonly id: string }[] }[] };
}

function documentOf({ stdout }: Ran): Document {
  return JSON.parse(stdout) as Document;
}

/** The appId of the storage app of an account of the sample tenant. */
async function appIdOf(directory: string, account: string): Promise<string> {
  const lines = (await readFile(join(directory, 'service-principals.ndjson'), 'utf8')).trim().split('\n');
  const found = lines
    .map((line) => JSON.parse(line) as { appId: string; displayName: string })
    .find(({ displayName }) => displayName.includes(` ${account}.file.`));
  return found?.appId ?? '';
}

describe('preflight --format json', () => {
  it('prints the document of the contract', async () => {
    const file = await fileOf(policy({ state: 'enabledForReportingButNotEnforced' }));

    const ran = await kerbwatch(['preflight', file, '--format', 'json']);

    expect(JSON.parse(ran.stdout)).toEqual({
      schema: 'kerbwatch.preflight/v1',
      policies: [
        {
          file,
          id: null,
          displayName: 'Require MFA for all users',
          state: 'report-only',
          effectIfEnabled: 'requires-mfa',
          effect: 'latent',
          severity: 'critical',
          reasons: [
            'row 7: all resources',
            'row 13: all users',
            'row 16: all clients',
            'row 26: demands MFA',
            'report-only: it enforces nothing yet',
          ],
          accounts: [],
        },
      ],
    });
    expect(ran).toMatchObject({ code: 1, stderr: '' });
  });

  it('keeps the order of the files, and of the policies in them; the same input gives the same bytes', async () => {
    const one = await fileOf({
      value: [policy({ displayName: 'z' }), policy({ displayName: 'a', state: 'disabled' })],
    });
    const two = await fileOf([policy({ displayName: 'm', id: 'ABC' })]);

    const ran = await kerbwatch(['preflight', two, one, '--format', 'json']);
    const again = await kerbwatch(['preflight', two, one, '--format', 'json']);

    expect(documentOf(ran).policies).toMatchObject([
      { file: two, displayName: 'm', id: 'abc' },
      { file: one, displayName: 'z', id: null },
      { file: one, displayName: 'a', state: 'disabled', effect: 'none', effectIfEnabled: 'requires-mfa' },
    ]);
    expect(again.stdout).toBe(ran.stdout);
  });

  it('keeps a state that is not known', async () => {
    const ran = await kerbwatch(['preflight', await fileOf(policy({ state: 'paused' })), '--format', 'json']);

    expect(documentOf(ran).policies).toMatchObject([{ state: 'paused', effect: 'undecided' }]);
  });

  it('reads what PowerShell wrote in UTF-16, and says so', async () => {
    const { displayName, state, conditions, grantControls } = policy();
    const text = JSON.stringify({
      DisplayName: displayName,
      State: state,
      Conditions: conditions,
      GrantControls: grantControls,
    });
    const file = join(await scratch(), 'exported.json');
    await writeFile(file, `\uFEFF${text}`, 'utf16le');

    const ran = await kerbwatch(['preflight', file, '--format', 'json']);

    expect(documentOf(ran).policies).toMatchObject([{ displayName, effectIfEnabled: 'requires-mfa' }]);
    expect(ran.stderr).toBe(
      `${file}: member names begin with capitals, as PowerShell writes them; read as in Microsoft Graph.\n`,
    );
  });
});

describe('the exit code of preflight', () => {
  const low = policy({}, undefined, {
    includeGuestsOrExternalUsers: { guestOrExternalUserTypes: 'b2bCollaborationGuest' },
  });
  const medium = policy({}, undefined, { includeRoles: ['62e90394-69f5-4237-9190-012177145e10'] });
  const high = policy({}, undefined, { includeGroups: ['62e90394-69f5-4237-9190-012177145e10'] });
  const critical = policy({ state: 'disabled' });
  const clean = policy({ grantControls: null });

  it.each<[string, Wire, string, number]>([
    ['critical', critical, 'critical', 1],
    ['high', high, 'critical', 0],
    ['high', high, 'high', 1],
    ['medium', medium, 'high', 0],
    ['medium', medium, 'medium', 1],
    ['low', low, 'medium', 0],
    ['low', low, 'low', 1],
    ['no', clean, 'info', 0],
  ])('for %s severity: --fail-on is heeded (%#)', async (_severity, value, failOn, code) => {
    expect((await kerbwatch(['preflight', await fileOf(value), '--fail-on', failOn])).code).toBe(code);
  });

  it('goes by high where nothing is said', async () => {
    expect((await kerbwatch(['preflight', await fileOf(high)])).code).toBe(1);
    expect((await kerbwatch(['preflight', await fileOf(medium)])).code).toBe(0);
  });

  it('is 3 for a list that goes on elsewhere, whatever was found, and the summary speaks for no more than was read', async () => {
    const nextLink = { '@odata.nextLink': 'https://graph.microsoft.com/v1.0/x' };
    const harmless = await fileOf({ value: [clean], ...nextLink });

    const ran = await kerbwatch(['preflight', harmless]);
    const both = await kerbwatch(['preflight', await fileOf({ value: [clean, critical], ...nextLink })]);

    expect([ran.code, both.code]).toEqual([3, 3]);
    expect(ran.stdout).not.toContain('would lock nobody out');
    expect(both.stdout).not.toContain('would lock nobody out');
    expect(ran.stdout.replaceAll(/\s+/gu, ' ')).toContain('Policies of further pages were not judged.');
    expect(ran.stderr).toContain('@odata.nextLink');
  });

  it('is not 3 for such a list where settings switch both rules off, so that nothing is missed', async () => {
    const off = Object.fromEntries(
      ['mfa-excluded', 'conditional-access-not-blocking'].map((id) => [id, { enabled: false }]),
    );
    const settings = await fileOf({ rules: off }, 'off.json');
    const list = await fileOf({ value: [critical], '@odata.nextLink': 'https://graph.microsoft.com/v1.0/x' });

    expect((await kerbwatch(['preflight', list, '--settings', settings])).code).toBe(0);
  });

  it('goes by the severities of the settings', async () => {
    const settings = await fileOf({ rules: { 'mfa-excluded': { severity: 'low' } } }, 'settings.json');
    const off = await fileOf({ rules: { 'mfa-excluded': { enabled: false } } }, 'off.json');
    const file = await fileOf(critical);

    expect((await kerbwatch(['preflight', file, '--settings', settings])).code).toBe(0);
    expect((await kerbwatch(['preflight', file, '--settings', off, '--fail-on', 'info'])).code).toBe(0);
  });
});

describe('preflight --snapshot', () => {
  it('names the accounts that the policy affects, and not those whose app it excludes', async () => {
    const snapshot = await sampleSnapshot();
    const exclude = [await appIdOf(snapshot, 'contosoprofiles')];
    const everywhere = await fileOf(policy());
    const excluding = await fileOf(policy({}, { includeApplications: ['All'], excludeApplications: exclude }));

    const ran = await kerbwatch(['preflight', everywhere, excluding, '--snapshot', snapshot, '--format', 'json']);

    const [all = [], others = []] = documentOf(ran).policies.map(({ accounts }) => accounts);
    expect(all).toContain('contosoprofiles');
    expect(all.length).toBeGreaterThan(20);
    expect(others).toEqual(all.filter((name) => name !== 'contosoprofiles'));
    expect(all).toEqual([...all].sort());
    expect(ran).toMatchObject({ code: 1, stderr: '' });
  });

  it('finds that a listed app is a storage app', async () => {
    const snapshot = await sampleSnapshot();
    const listing = await fileOf(policy({}, { includeApplications: [await appIdOf(snapshot, 'contosoprofiles')] }));

    const blind = documentOf(await kerbwatch(['preflight', listing, '--format', 'json']));
    const seeing = documentOf(await kerbwatch(['preflight', listing, '--snapshot', snapshot, '--format', 'json']));

    expect(blind.policies).toMatchObject([{ effectIfEnabled: 'none', severity: null }]);
    expect(blind.policies[0]?.reasons.join()).toContain('--snapshot DIR tells');
    expect(seeing.policies).toMatchObject([{ effectIfEnabled: 'requires-mfa', accounts: ['contosoprofiles'] }]);
  });

  it('is undecided and exit 3 where the snapshot cannot tell the apps', async () => {
    const snapshot = await sampleSnapshot();
    const exclude = [await appIdOf(snapshot, 'contosoprofiles')];
    await rm(join(snapshot, 'service-principals.ndjson'));
    await rm(join(snapshot, 'applications.ndjson'));
    const file = await fileOf(policy({}, { includeApplications: ['All'], excludeApplications: exclude }));

    const ran = await kerbwatch(['preflight', file, '--snapshot', snapshot, '--format', 'json']);

    expect(documentOf(ran).policies).toMatchObject([{ effectIfEnabled: 'undecided', severity: 'critical' }]);
    expect(ran.stderr).toContain('Could not be read: service-principals of tenant');
    expect(ran.code).toBe(3);
    const { stdout } = await kerbwatch(['preflight', file, '--snapshot', snapshot]);
    expect(stdout).toMatch(/may concern \d+ accounts: /u);
    expect(stdout).not.toMatch(/affects \d/u);
  });

  it("says of the tenant's own policies what an audit says: the same policies, on the same accounts", async () => {
    const snapshot = await sampleSnapshot();
    const lines = (await readFile(join(snapshot, 'conditional-access-policies.ndjson'), 'utf8')).trim().split('\n');
    const file = await fileOf(`[${lines.join(',')}]`);

    const forecast = documentOf(await kerbwatch(['preflight', file, '--snapshot', snapshot, '--format', 'json']));
    const audit = await kerbwatch(['audit', '--snapshot', snapshot, '--all', '--format', 'json']);

    const foreseen = forecast.policies
      .filter(({ effect, effectIfEnabled }) => effect !== 'none' && !effectIfEnabled.endsWith('block'))
      .filter(({ effectIfEnabled }) => effectIfEnabled !== 'blocks')
      .flatMap(({ id, accounts }) => accounts.map((account) => `${id ?? ''} ${account}`));
    const { findings } = JSON.parse(audit.stdout) as { findings: readonly AuditedMfa[] };
    const audited = findings
      .filter(({ rule }) => rule === 'mfa-excluded')
      .flatMap(({ account, evidence }) =>
        (evidence.apps ?? []).flatMap(({ policies = [] }) => policies.map(({ id }) => `${id} ${account.name}`)),
      );
    expect(foreseen.length).toBeGreaterThan(15);
    expect(foreseen.toSorted()).toEqual([...new Set(audited)].sort());
  });

  it('gives the same bytes whatever the order of the lines', async () => {
    const [straight, turned] = [await sampleSnapshot(), await sampleSnapshot()];
    for (const name of ['storage-accounts', 'applications', 'service-principals']) {
      await change(turned, `${name}.ndjson`, (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`);
    }
    const exclude = [await appIdOf(straight, 'contosoprofiles')];
    const file = await fileOf(policy({}, { includeApplications: ['All'], excludeApplications: exclude }));

    const one = await kerbwatch(['preflight', file, '--snapshot', straight, '--format', 'json']);
    const other = await kerbwatch(['preflight', file, '--snapshot', turned, '--format', 'json']);

    expect(other.stdout).toBe(one.stdout);
  });

  it('is exit 2 where there is no snapshot', async () => {
    const ran = await kerbwatch(['preflight', await fileOf(policy()), '--snapshot', join(await scratch(), 'none')]);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('preflight as a table', () => {
  it('has a line for each policy, why, and what to do', async () => {
    const file = await fileOf({ value: [policy(), policy({ displayName: 'Session', grantControls: null })] });

    const { stdout } = await kerbwatch(['preflight', file]);
    const words = stdout.replaceAll(/\s+/gu, ' ');

    expect(stdout).toMatch(/^severity +if enabled +as it stands +state +policy$/mu);
    expect(stdout).toMatch(/^critical +requires-mfa +requires-mfa +enabled +‹Require MFA for all users›/mu);
    expect(stdout).toContain('all resources (row 7), all users (row 13), all clients (row 16), demands MFA (row 26)');
    expect(stdout).toMatch(/^- +none +none +enabled +‹Session›/mu);
    expect(words).toContain('2 policies judged for an ordinary storage app.');
    expect(words).toContain('1 would lock everybody in scope out of their shares; 1 would lock nobody out.');
    expect(words).toContain('exclude the storage apps by appId');
    expect(stdout).toContain('docs/preflight.md');
  });

  it('gives no advice where nothing is wrong', async () => {
    const { stdout, code } = await kerbwatch(['preflight', await fileOf(policy({ grantControls: null }))]);

    expect(stdout).toContain('1 policy judged for an ordinary storage app. Enabled, it would lock nobody out.');
    expect(stdout).not.toContain('exclude');
    expect(code).toBe(0);
  });

  it('lets no name steer the terminal', async () => {
    const { stdout } = await kerbwatch(['preflight', await fileOf(policy({ displayName: 'a\u001B[2Jb\nc' }))]);

    expect(stdout).not.toContain('\u001B');
    expect(stdout).toContain('‹ab c›');
  });

  it('lets no name, state or file command a build agent', async () => {
    const evil = '##vso[task.complete result=Succeeded;]';
    const value = policy({ displayName: `${evil} ::stop-commands::x`, state: `\n::error::${evil}` });
    const good = await fileOf(value, '##vso[a]b.json');
    const bad = await fileOf(`{ ${evil}`, '##vso[c]d.json');

    const [shown, json, refused] = [
      await kerbwatch(['preflight', good]),
      await kerbwatch(['preflight', good, '--format', 'json']),
      await kerbwatch(['preflight', bad]),
    ];

    const printed = [shown, json, refused].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(printed).not.toContain('##vso');
    expect(printed).not.toMatch(/^\s*::/mu);
    expect(documentOf(json).policies).toMatchObject([{ file: good, displayName: value['displayName'] }]);
  });

  it('tells the change of June 2026 once, however many policies exclude apps', async () => {
    const excluding = policy(
      {},
      { includeApplications: ['All'], excludeApplications: ['62e90394-69f5-4237-9190-012177145e10'] },
    );

    const { stdout } = await kerbwatch(['preflight', await fileOf([excluding, excluding])]);

    expect(stdout.match(/2026-06-15/gu)).toHaveLength(1);
    expect(stdout.match(/see \[1\] below/gu)).toHaveLength(2);
  });
});

describe('what preflight refuses', () => {
  it.each<[string, unknown, string]>([
    ['numbers', [1, 2], '[0]: holds a number'],
    ['an object without state and conditions', { id: 'x' }, 'has no state and no conditions'],
    ['an empty list', { value: [] }, 'empty list'],
    ['an empty file', '', 'is empty'],
    ['truncated JSON', '{"state": "enab', 'line 1, column'],
    ['Terraform', 'resource "azuread_conditional_access_policy" "x" {', 'is not JSON'],
    ['an ARM template', { $schema: 'https://x/deploymentTemplate.json#', resources: [] }, 'ARM template'],
  ])('%s: exit 2, naming the file', async (_what, value, problem) => {
    const file = await fileOf(value);

    const ran = await kerbwatch(['preflight', file]);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`${file}: `);
    expect(ran.stderr).toContain(problem);
  });

  it('all bad files at once, and writes nothing', async () => {
    const directory = await scratch();
    const large = await fileOf('[', 'large.json', directory);
    await truncate(large, 50 * 1024 * 1024);
    await mkdir(join(directory, 'folder.json'));
    const bad = [large, join(directory, 'folder.json'), join(directory, 'none.json')];
    const out = await fileOf('as it was', 'out.json', directory);

    const ran = await kerbwatch(['preflight', await fileOf(policy()), ...bad, '--out', out]);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(
      ran.stderr
        .trim()
        .split('\n')
        .map((line) => line.split(': ')[0]),
    ).toEqual(bad);
    expect(await readFile(out, 'utf8')).toBe('as it was');
  });

  it('to write over a policy', async () => {
    const file = await fileOf(policy());
    const before = await readFile(file, 'utf8');

    const ran = await kerbwatch(['preflight', file, '--out', file]);

    expect(ran.code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('to run without a file', async () => {
    expect((await kerbwatch(['preflight'])).code).toBe(2);
  });

  it('writes to --out what it would have printed', async () => {
    const file = await fileOf(policy());
    const out = join(await scratch(), 'out.json');

    const printed = await kerbwatch(['preflight', file, '--format', 'json']);
    const written = await kerbwatch(['preflight', file, '--format', 'json', '--out', out]);

    expect(await readFile(out, 'utf8')).toBe(printed.stdout);
    expect(written).toEqual({ code: printed.code, stdout: '', stderr: '' });
  });
});

describe('preflight --what-if', () => {
  const user = '00000000-0000-4000-8000-000000000009';

  /** The sample tenant behind Azure's APIs, its policies as a file, and the environment of somebody who asks. */
  async function sampleAzure(): Promise<{ azure: LocalAzure; env: Environment; snapshot: string; file: string }> {
    const snapshot = await sampleSnapshot();
    const lines = (await readFile(join(snapshot, 'conditional-access-policies.ndjson'), 'utf8')).trim().split('\n');
    const file = await fileOf({ value: lines.map((line) => JSON.parse(line) as unknown) });
    const { azure, env } = await serveSnapshot(snapshot);
    return { azure, env, snapshot, file };
  }

  it('asks about at most twenty apps and says how many it left out; Entra and we agree on the sample tenant', async () => {
    const { env, snapshot, file, azure } = await sampleAzure();
    const argv = ['preflight', file, '--snapshot', snapshot, '--format', 'json'];

    const plain = await kerbwatch(argv);
    const ran = await kerbwatch([...argv, '--what-if', user], { env });

    const { whatIf, policies } = documentOf(ran);
    expect(whatIf).toMatchObject({ userId: user, complete: true, missing: [] });
    expect(whatIf?.apps).toHaveLength(20);
    expect(whatIf?.appsLeftOut).toBeGreaterThan(0);
    expect(whatIf?.policies).toHaveLength(policies.length);
    expect(whatIf?.policies.every((one) => one.inTenant && one.sameAsInTenant === true && !one.differs)).toBe(true);
    expect(ran.stderr).toContain(`${String(whatIf?.appsLeftOut)} were left out`);
    expect(policies).toEqual(documentOf(plain).policies);
    expect(ran.code).toBe(plain.code);
    expect(azure.requests.graph).toBe(20);
  });

  it('shows where Entra differs, without changing the exit code', async () => {
    const { env, azure, snapshot, file } = await sampleAzure();
    const asked = JSON.parse(await readFile(file, 'utf8')) as { value: { displayName: string }[] };
    const one = await fileOf(asked.value.find(({ displayName }) => displayName.startsWith('Old: MFA everywhere')));
    const policies = azure.tenant.collections.get('conditional-access-policies');
    for (const [id, stored] of policies ?? []) policies?.set(id, { ...stored, state: 'enabled' });

    const json = await kerbwatch(['preflight', one, '--snapshot', snapshot, '--what-if', user, '--format', 'json'], {
      env,
    });
    const shown = await kerbwatch(['preflight', one, '--snapshot', snapshot, '--what-if', user], { env });

    expect(documentOf(json).whatIf?.policies).toMatchObject([{ inTenant: true, sameAsInTenant: false, differs: true }]);
    expect(documentOf(json).whatIf?.policies[0]?.opinions[0]).toMatchObject({
      kerbwatch: 'does-not-apply',
      entra: 'applies',
      differs: true,
    });
    expect(shown.stdout).toContain('it differs here');
    expect(shown.stdout).toMatch(/‹Old: MFA everywhere \(replaced\)› +\S+ +does-not-apply +applies/u);
    expect(shown.stdout).toContain('Not the same in the tenant as in the file');
    expect([json.code, shown.code]).toEqual([1, 1]);
  });

  it('takes the apps of the live estate where there is no snapshot, and judges an ordinary one all the same', async () => {
    const { env, file } = await sampleAzure();

    const ran = documentOf(await kerbwatch(['preflight', file, '--what-if', user, '--format', 'json'], { env }));

    expect(ran.whatIf?.apps).toHaveLength(20);
    expect(ran.policies.every(({ accounts }) => accounts.length === 0)).toBe(true);
  });

  it('is exit 3 where Entra may not be asked, and still says all it knows', async () => {
    const { env, azure, snapshot, file } = await sampleAzure();
    azure.faults.forbid('conditional-access-policies');

    const ran = await kerbwatch(['preflight', file, '--snapshot', snapshot, '--what-if', user, '--format', 'json'], {
      env,
    });

    expect(documentOf(ran).whatIf).toMatchObject({
      complete: false,
      missing: [{ reason: 'forbidden', needs: 'Policy.Read.ConditionalAccess' }],
    });
    expect(documentOf(ran).policies.length).toBeGreaterThan(10);
    expect(ran.stderr).toContain('needs Policy.Read.ConditionalAccess');
    expect(ran.code).toBe(3);
    expect(azure.requests.graph).toBe(1);
  });

  it('is exit 4 where the token is refused', async () => {
    const { env, snapshot, file } = await sampleAzure();

    const ran = await kerbwatch(['preflight', file, '--snapshot', snapshot, '--what-if', user], {
      env: { ...env, KERBWATCH_TOKEN: 'another' },
    });

    expect(ran).toMatchObject({ code: 4, stdout: '' });
  });

  it('is exit 2 for a user who is not there, and for a snapshot of another tenant', async () => {
    const { env, snapshot, file } = await sampleAzure();
    const other = { ...env, KERBWATCH_TENANT_ID: '00000000-0000-4000-8000-000000000077' };

    const absent = await kerbwatch(['preflight', file, '--what-if', 'nobody@contoso.com'], { env });
    const nobody = await kerbwatch(['preflight', file, '--what-if', ''], { env });
    const foreign = await kerbwatch(['preflight', file, '--snapshot', snapshot, '--what-if', user], { env: other });

    expect(absent).toMatchObject({ code: 2, stdout: '' });
    expect(absent.stderr).toContain('no such user');
    expect(nobody).toMatchObject({ code: 2, stdout: '' });
    expect(foreign).toMatchObject({ code: 2, stdout: '' });
    expect(foreign.stderr).toContain('both have to be the same');
  });

  it('asks nobody where no policy has an id', async () => {
    const ran = await kerbwatch(['preflight', await fileOf(policy()), '--what-if', user]);

    expect(ran.stderr).toContain('no policy here has an id');
    expect(ran.code).toBe(1);
  });
});
