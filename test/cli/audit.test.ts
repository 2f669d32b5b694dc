import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { auditedCollections } from '../../cli/collections.ts';
import { rules } from '../../domain/rules/index.ts';
import { collectionNames } from '../../domain/model/collection.ts';
import { reportIn, withoutRun } from './audit-report.ts';
import { kerbwatch } from './recorded-io.ts';
import { change, sampleSnapshot, scratch } from './sample-snapshot.ts';

const severities = ['critical', 'high', 'medium', 'low', 'info'];

describe('audit --snapshot --format json', () => {
  it('prints the document of the contract', async () => {
    const { code, stdout, stderr } = await kerbwatch([
      'audit',
      '--snapshot',
      await sampleSnapshot(),
      '--format',
      'json',
    ]);

    const report = reportIn(stdout);
    expect(Object.keys(report)).toEqual(['schema', 'run', 'verdicts', 'findings']);
    expect(report.schema).toBe('kerbwatch.audit/v1');
    expect(report.run).toEqual({
      id: expect.stringMatching(/./u) as string,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/u) as string,
      finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/u) as string,
      tenantId: expect.stringMatching(/^[\da-f-]{36}$/u) as string,
      source: 'snapshot',
      coverage: { complete: true, gaps: [] },
      requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
      accounts: { seen: expect.any(Number) as number, inScope: expect.any(Number) as number },
    });
    expect(report.run.accounts.seen).toBeGreaterThanOrEqual(80);
    expect(report.run.accounts.inScope).toBeLessThan(report.run.accounts.seen);
    expect(Object.keys(report.verdicts)).toEqual(['pass', 'fail', 'warn', 'unknown', 'notApplicable']);
    const finding = report.findings.find(({ rule, outcome }) => rule === 'mfa-excluded' && outcome === 'fail');
    expect(finding).toEqual({
      id: `${finding?.account?.name ?? ''}/mfa-excluded`,
      rule: 'mfa-excluded',
      outcome: 'fail',
      severity: 'critical',
      account: {
        id: expect.stringMatching(/^\/subscriptions\/.*\/storageAccounts\//u) as string,
        name: expect.any(String) as string,
        subscriptionId: expect.any(String) as string,
        resourceGroup: expect.any(String) as string,
        location: expect.any(String) as string,
        host: expect.stringMatching(/\.file\.core\.windows\.net$/u) as string,
      },
      subject: null,
      title: expect.stringMatching(/./u) as string,
      evidence: expect.any(Object) as object,
      symptom: 'System error 1327',
      remediation: {
        summary: expect.stringMatching(/./u) as string,
        action: 'exclude-app-from-policy',
        page: 'docs/rules/mfa-excluded.md',
      },
    });
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  it('lists the worst first, then by id', async () => {
    const { stdout } = await kerbwatch(['audit', '--snapshot', await sampleSnapshot(), '--format', 'json']);

    const keys = reportIn(stdout).findings.map(({ severity, id }) => `${severities.indexOf(severity)} ${id}`);
    expect(keys.length).toBeGreaterThan(20);
    expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('counts every verdict and lists the rest only with --all', async () => {
    const directory = await sampleSnapshot();

    const some = reportIn((await kerbwatch(['audit', '--snapshot', directory, '--format', 'json'])).stdout);
    const all = reportIn((await kerbwatch(['audit', '--snapshot', directory, '--format', 'json', '--all'])).stdout);

    expect(all.verdicts).toEqual(some.verdicts);
    expect(all.findings).toHaveLength(Object.values(all.verdicts).reduce((sum, count) => sum + count, 0));
    expect(new Set(some.findings.map(({ outcome }) => outcome))).toEqual(new Set(['fail', 'warn', 'unknown']));
    expect(all.findings.slice(0, some.findings.length)).toEqual(some.findings);
  });

  it('gives the same bytes whatever the order of the lines', async () => {
    const [straight, turned] = [await sampleSnapshot(), await sampleSnapshot()];
    for (const name of auditedCollections) {
      await change(turned, `${name}.ndjson`, (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`);
    }

    const one = await kerbwatch(['audit', '--snapshot', straight, '--format', 'json', '--all']);
    const other = await kerbwatch(['audit', '--snapshot', turned, '--format', 'json', '--all']);

    expect(withoutRun(other.stdout)).toBe(withoutRun(one.stdout));
    expect(withoutRun(one.stdout)).not.toMatch(reportIn(one.stdout).run.id);
  });

  it('reads every collection that a rule needs', () => {
    expect(auditedCollections).toEqual(expect.arrayContaining(rules.flatMap(({ needs }) => needs)));
  });
});

describe('audit --snapshot as a table', () => {
  it('shows what was found, and the counts', async () => {
    const directory = await sampleSnapshot();
    const report = reportIn((await kerbwatch(['audit', '--snapshot', directory, '--format', 'json'])).stdout);

    const { stdout, code } = await kerbwatch(['audit', '--snapshot', directory]);

    const [header, ...lines] = stdout.split('\n');
    expect(header).toMatch(/^severity\s+outcome\s+account\s+rule\s+what$/u);
    for (const [at, { severity, account, rule }] of report.findings.entries()) {
      expect(lines[at]?.split(/\s+/u)).toEqual(expect.arrayContaining([severity, account?.name ?? '(tenant)', rule]));
    }
    expect(stdout).toContain(`${report.run.accounts.inScope} of ${report.run.accounts.seen} accounts`);
    expect(code).toBe(1);
  });

  const getColorDepth = (env?: object): number => WriteStream.prototype.getColorDepth(env);

  it.each([
    ['a terminal', { TERM: 'xterm-256color' }, true, true],
    ['a terminal with NO_COLOR', { TERM: 'xterm-256color', NO_COLOR: '1' }, true, false],
    ['a pipe', { TERM: 'xterm-256color' }, false, false],
  ])('is coloured as it should be on %s', async (_, env, isTTY, coloured) => {
    const ran = await kerbwatch(['audit', '--snapshot', await sampleSnapshot()], {
      env,
      terminal: { isTTY, getColorDepth },
    });

    expect(ran.stdout.includes('\u001B[')).toBe(coloured);
  });
});

describe('what an audit says beside its table', () => {
  it('of a list that could not be read whole: what, why and what to do next', async () => {
    const directory = await sampleSnapshot();
    await change(directory, 'service-principals.ndjson', (text) => `${text.trimEnd()}\n{"id":5,"appId":[]}\n`);
    await change(directory, 'manifest.json', (text) => JSON.stringify({ ...(JSON.parse(text) as object), rows: {} }));

    const ran = await kerbwatch(['audit', '--snapshot', directory]);

    expect(ran.stderr).toMatch(/^service-principals could not be read whole: .*Take the snapshot again/mu);
    expect(ran.code).toBe(3);
  });

  it('of accounts of another tenant: how many, and no word of a permission', async () => {
    const directory = await sampleSnapshot();
    await change(directory, 'storage-accounts.ndjson', (text) =>
      text.replaceAll(
        '"type":"Microsoft.Storage/storageAccounts"',
        '"type":"Microsoft.Storage/storageAccounts","tenantId":"99999999-0000-4000-8000-000000000001"',
      ),
    );

    const ran = await kerbwatch(['audit', '--snapshot', directory]);

    expect(ran.stderr).toMatch(/^\d+ accounts belong to another tenant, .*Take a snapshot signed in to that tenant/mu);
    expect(ran.stderr).not.toContain('is missing');
  });

  it('of settings that leave out accounts: how many; and where they leave out all, that none was judged', async () => {
    const directory = await sampleSnapshot();
    const audited = async (pattern: string) =>
      kerbwatch(['audit', '--snapshot', directory], {
        env: { KERBWATCH_SETTINGS: JSON.stringify({ scope: { exclude: [{ name: pattern }] } }) },
      });
    const [some, all, whole] = [
      await audited('contosoprofiles'),
      await audited('*'),
      await kerbwatch(['audit', '--snapshot', directory]),
    ];

    const [, seen = ''] = /of (\d+) accounts can hold/u.exec(whole.stdout) ?? [];
    expect(whole.stdout).not.toContain('Settings leave out');
    expect(some.stdout.trimEnd().split('\n').at(-1)).toContain('Settings leave out 1 account.');
    expect(some.stderr).not.toContain('judged');
    expect(all.stdout.trimEnd().split('\n').at(-1)).toContain(`Settings leave out ${seen} accounts.`);
    expect(all.stderr).toContain(
      `No account was judged: settings leave out all ${seen} of them. See scope.exclude in the settings.`,
    );
  });

  it('of settings that leave out everything is a warning, and no failure', async () => {
    const directory = await sampleSnapshot();
    const tenantRules = rules.filter(({ about }) => about === 'tenant').map(({ id }) => [id, { enabled: false }]);
    const settings = { scope: { exclude: [{ name: '*' }] }, rules: Object.fromEntries(tenantRules) as object };

    const ran = await kerbwatch(['audit', '--snapshot', directory, '--format', 'json'], {
      env: { KERBWATCH_SETTINGS: JSON.stringify(settings) },
    });

    expect(ran.stderr).toMatch(/^No account was judged: settings leave out all \d+ of them\./u);
    expect(Object.keys(reportIn(ran.stdout).run.accounts)).toEqual(['seen', 'inScope']);
    expect(ran.code).toBe(0);
  });
});

describe('the exit code of an audit', () => {
  it('is 0 where nothing is wrong', async () => {
    const directory = await sampleSnapshot();
    for (const file of ['storage-accounts', 'applications', 'service-principals', 'conditional-access-policies']) {
      await change(directory, `${file}.ndjson`, () => '');
    }
    await change(directory, 'manifest.json', (text) => JSON.stringify({ ...(JSON.parse(text) as object), rows: {} }));

    const { code, stdout } = await kerbwatch(['audit', '--snapshot', directory]);

    expect(stdout).toContain('Nothing to report.');
    expect(code).toBe(0);
  });

  it('is 0 where what is wrong is below --fail-on', async () => {
    const directory = await sampleSnapshot();
    const settings = join(directory, 'settings.json');
    const medium = Object.fromEntries(rules.map(({ id }) => [id, { severity: 'medium' }]));
    await writeFile(settings, JSON.stringify({ rules: medium }));
    const command = ['audit', '--snapshot', directory, '--settings', settings];

    expect((await kerbwatch(command)).code).toBe(0);
    expect((await kerbwatch([...command, '--fail-on', 'medium'])).code).toBe(1);
  });

  it('is 1 for a policy that cannot be decided', async () => {
    const directory = await sampleSnapshot();
    const settings = join(directory, 'settings.json');
    const aboutTheTenant = rules
      .filter(({ about }) => about === 'tenant')
      .map(({ id }) => [id, { enabled: false }] as const);
    await writeFile(settings, JSON.stringify({ rules: Object.fromEntries(aboutTheTenant) }));
    const command = ['audit', '--snapshot', directory, '--settings', settings, '--format', 'json'];
    const { findings } = reportIn((await kerbwatch(command)).stdout);
    const failing = new Set(
      findings.filter(({ outcome }) => outcome !== 'unknown').map(({ account }) => account?.name),
    );
    const undecided = findings.find(({ outcome, account }) => outcome === 'unknown' && !failing.has(account?.name));
    expect(undecided).toBeDefined();
    await change(directory, 'storage-accounts.ndjson', (text) =>
      text
        .split('\n')
        .filter((line) => line.includes(`"name":"${undecided?.account?.name ?? ''}"`))
        .join('\n'),
    );

    const ran = await kerbwatch(command);

    expect(new Set(reportIn(ran.stdout).findings.map(({ outcome }) => outcome))).toEqual(new Set(['unknown']));
    expect(ran.code).toBe(1);
  });

  it('is 3 rather than 1 where something that a rule needs is missing, and says what', async () => {
    const directory = await sampleSnapshot();
    await rm(join(directory, 'conditional-access-policies.ndjson'));

    const json = await kerbwatch(['audit', '--snapshot', directory, '--format', 'json']);
    const table = await kerbwatch(['audit', '--snapshot', directory]);

    expect(json.code).toBe(3);
    expect(reportIn(json.stdout).run.coverage).toEqual({
      complete: false,
      gaps: [{ collection: 'conditional-access-policies', scope: 'tenant', reason: 'not-read', needs: null }],
    });
    expect(reportIn(json.stdout).findings.some(({ outcome }) => outcome === 'fail')).toBe(true);
    expect(json.stderr).toBe('Could not be read: conditional-access-policies of tenant (not-read).\n');
    expect(table.code).toBe(3);
    expect(table.stdout).toMatch(/Could not be read[^]*conditional-access-policies +tenant +not-read/u);
  });

  it('does not mind a missing collection whose rules are switched off', async () => {
    const directory = await sampleSnapshot();
    await rm(join(directory, 'conditional-access-policies.ndjson'));
    const needing = rules.filter(({ needs }) => needs.includes('conditional-access-policies'));
    const env = {
      KERBWATCH_SETTINGS: JSON.stringify({
        rules: Object.fromEntries(needing.map(({ id }) => [id, { enabled: false }])),
      }),
    };

    const ran = await kerbwatch(['audit', '--snapshot', directory, '--format', 'json'], { env });

    expect(reportIn(ran.stdout).run.coverage.complete).toBe(true);
    expect(ran.code).toBe(1);
  });
});

describe('audit --out', () => {
  it('writes the file and nothing to stdout', async () => {
    const directory = await sampleSnapshot();
    const out = join(await scratch(), 'audit.json');

    const ran = await kerbwatch(['audit', '--snapshot', directory, '--format', 'json', '--out', out]);

    expect(ran).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(reportIn(await readFile(out, 'utf8')).schema).toBe('kerbwatch.audit/v1');
  });

  it('leaves a link a link', async () => {
    const place = await scratch();
    const [out, target] = [join(place, 'latest.json'), join(place, 'of-today.json')];
    await writeFile(target, 'old');
    await symlink(target, out);

    await kerbwatch(['audit', '--snapshot', await sampleSnapshot(), '--format', 'json', '--out', out]);

    expect(reportIn(await readFile(target, 'utf8')).schema).toBe('kerbwatch.audit/v1');
    expect((await readdir(place)).sort()).toEqual(['latest.json', 'of-today.json']);
  });

  it('refuses an impossible place before any work', async () => {
    const place = await scratch();
    await mkdir(join(place, 'directory'));
    await writeFile(join(place, 'file'), '');
    for (const [name, why] of [
      ['directory', 'it is a directory'],
      ['missing/audit.json', 'there is no directory'],
      ['file/audit.json', 'Cannot write'],
    ] as const) {
      const ran = await kerbwatch(['audit', '--snapshot', join(place, 'no-such-snapshot'), '--out', join(place, name)]);

      expect(ran.stderr).toContain(why);
      expect(ran.stderr).toContain(join(place, name));
      expect(ran).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('leaves nothing half written after Ctrl-C', async () => {
    const place = await scratch();
    const interrupt = new AbortController();

    const running = kerbwatch(['audit', '--snapshot', await sampleSnapshot(), '--out', join(place, 'audit.txt')], {
      signal: interrupt.signal,
    });
    interrupt.abort();

    expect(await running).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
    expect(await readdir(place)).toEqual([]);
  });
});

describe('a snapshot that is none', () => {
  it.each([
    ['there is no directory', 'no such place', (at: string) => rm(at, { recursive: true })],
    ['the directory is empty', 'manifest.json', (at: string) => rm(at, { recursive: true }).then(() => mkdir(at))],
    ['the manifest is empty', 'manifest.json: is empty', (at: string) => change(at, 'manifest.json', () => '')],
    ['the manifest is cut off', 'cut off', (at: string) => change(at, 'manifest.json', (text) => text.slice(0, 50))],
    [
      'a line is cut off',
      'applications.ndjson: line',
      (at: string) => change(at, 'applications.ndjson', (text) => text.slice(0, -20)),
    ],
    [
      'a file is not JSON',
      'applications.ndjson: line 1 is not JSON',
      (at: string) => change(at, 'applications.ndjson', () => 'hello\n'),
    ],
    [
      'a collection is unknown',
      'the nearest name is applications.ndjson',
      (at: string) => writeFile(join(at, 'aplications.ndjson'), ''),
    ],
  ])('is refused where %s', async (_, said, spoil) => {
    const directory = await sampleSnapshot();
    await spoil(directory);

    const ran = await kerbwatch(['audit', '--snapshot', directory, '--format', 'json']);

    expect(ran.stderr).toContain(said);
    expect(ran.stderr).not.toMatch(/\n\s+at /u);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
  });

  it('does not know a collection in the manifest that is mistyped', async () => {
    const directory = await sampleSnapshot();
    const gap = { collection: 'service-principal', scope: 'tenant', reason: 'forbidden', needs: null };
    await change(directory, 'manifest.json', (text) =>
      JSON.stringify({ ...(JSON.parse(text) as object), gaps: [gap] }),
    );

    const ran = await kerbwatch(['audit', '--snapshot', directory]);

    expect(collectionNames).toContain('service-principals');
    expect(ran.stderr).toContain('the nearest is "service-principals"');
    expect(ran.code).toBe(2);
  });
});
