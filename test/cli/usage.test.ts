import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { failureOf } from '../../cli/failure.ts';
import { kerbwatch } from './recorded-io.ts';
import { scratch } from './sample-snapshot.ts';

const untouched = new AbortController().signal;

describe('a mistake on the command line', () => {
  it.each([
    [['audit', '--snapshto', 'x'], "unknown option '--snapshto'"],
    [['audit', '--snapshto', 'x'], 'Did you mean --snapshot?'],
    [['audti'], 'Did you mean audit?'],
    [['audit', 'extra'], 'too many arguments'],
    [['audit', '--fail-on', 'hgih'], 'did you mean high?'],
    [['audit', '--format', 'jsno'], 'did you mean json?'],
    [['audit', '--fail-on', 'urgent'], "--fail-on does not know 'urgent'; use one of critical, high"],
    [['snapshot'], "required option '--out <dir>'"],
    [['local', '--port', 'x'], 'from 1 to 65534'],
    [[], 'Usage: kerbwatch'],
  ])('%j is exit 2 with one message', async (argv, said) => {
    const ran = await kerbwatch(argv);

    expect(ran.stderr).toContain(said);
    expect(ran.stderr.split(said)).toHaveLength(2);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
  });

  it.each(['csv', 'html', 'ocsf', 'sarif'])(
    '--format %s is refused by name, with those that are there',
    async (format) => {
      const ran = await kerbwatch(['audit', '--format', format]);

      expect(ran.stderr).toBe(`--format ${format} is not there yet; use one of table, json.\n`);
      expect(ran.code).toBe(2);
    },
  );
});

describe('settings', () => {
  it('with a typo are refused with the nearest valid name', async () => {
    const file = join(await scratch(), 'settings.json');
    await writeFile(file, '{ "rules": { "mfa-exclude": { "enabled": false } } }');

    const ofFile = await kerbwatch(['audit', '--snapshot', 'x', '--settings', file]);
    const ofEnvironment = await kerbwatch(['audit', '--snapshot', 'x'], {
      env: { KERBWATCH_SETTINGS: '{ "rule": {} }' },
    });

    expect(ofFile.stderr).toContain(file);
    expect(ofFile.stderr).toContain('did you mean "mfa-excluded"?');
    expect(ofFile.code).toBe(2);
    expect(ofEnvironment.stderr).toContain('did you mean "rules"?');
    expect(ofEnvironment.code).toBe(2);
  });

  it('that are no JSON are refused by line and column', async () => {
    const file = join(await scratch(), 'settings.json');
    await writeFile(file, '{\n  "scope": {},\n}\n');

    const ran = await kerbwatch(['audit', '--snapshot', 'x', '--settings', file]);

    expect(ran.stderr).toContain('line 2, column 14: is not JSON: no comma may stand before "}"');
    expect(ran.code).toBe(2);
  });

  it.each([
    ['utf-16le', [0xff, 0xfe]],
    ['utf-8', [0xef, 0xbb, 0xbf]],
  ] as const)('may be %s with a byte-order mark', async (encoding, mark) => {
    const file = join(await scratch(), 'settings.json');
    await writeFile(file, Buffer.concat([Buffer.from(mark), Buffer.from('{ "wach": {} }', encoding)]));

    const ran = await kerbwatch(['audit', '--snapshot', 'x', '--settings', file]);

    expect(ran.stderr).toContain('wach: unknown key; did you mean "watch"?');
  });

  it('with several mistakes are refused with all of them, a line each', async () => {
    const settings = { wach: {}, rules: { 'mfa-excluded': { severity: 'urgent' } }, brakes: { hourly: 1 } };

    const ran = await kerbwatch(['audit', '--snapshot', 'x'], {
      env: { KERBWATCH_SETTINGS: JSON.stringify(settings) },
    });

    expect(ran.stderr.trimEnd().split('\n').toSorted()).toEqual([
      '  brakes.hourly: unknown key; here belong killSwitch, writesPerHourPerAction, writesPerHour, stopAfterFailures, quietHours, approvalHours, requesters',
      '  rules.mfa-excluded.severity: "urgent" is not known; has to be one of critical, high, medium, low, info',
      '  wach: unknown key; did you mean "watch"?',
      'KERBWATCH_SETTINGS cannot be used as settings:',
    ]);
  });

  it('that are not there are refused by their path', async () => {
    const ran = await kerbwatch(['audit', '--snapshot', 'x', '--settings', 'no/such.json']);

    expect(ran.stderr).toBe('--settings no/such.json: there is no such file; check the path.\n');
    expect(ran.code).toBe(2);
  });

  it('that are a directory are refused, and it is said what belongs there', async () => {
    const directory = await scratch();

    const ran = await kerbwatch(['audit', '--snapshot', 'x', '--settings', directory]);

    expect(ran.stderr).toBe(`--settings ${directory}: is a directory; name the settings file in it.\n`);
    expect(ran.code).toBe(2);
  });
});

describe('the environment', () => {
  const tenant = '11111111-2222-4333-8444-555555555555';

  it.each([
    ['no tenant', {}, 2, 'KERBWATCH_TENANT_ID is not set'],
    ['a tenant that is no id', { KERBWATCH_TENANT_ID: 'contoso.com' }, 2, "KERBWATCH_TENANT_ID is 'contoso.com'"],
    ['an unknown cloud', { KERBWATCH_TENANT_ID: tenant, AZURE_CLOUD: 'Azur' }, 2, 'AZURE_CLOUD'],
    ['a token for Azure itself', { KERBWATCH_TENANT_ID: tenant, KERBWATCH_TOKEN: 't' }, 2, 'KERBWATCH_TOKEN'],
    [
      'plain http and no token',
      {
        KERBWATCH_TENANT_ID: tenant,
        KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:9',
        KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:9',
        KERBWATCH_CLIENT_ID: tenant,
      },
      4,
      'plain http, which takes no real token; set KERBWATCH_TOKEN',
    ],
  ])('with %s is refused in one message', async (_, env, code, said) => {
    const ran = await kerbwatch(['audit'], { env });

    expect(ran.stderr).toContain(said);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ran).toMatchObject({ code, stdout: '' });
  });
});

describe('help and version', () => {
  it('go to stdout with exit 0', async () => {
    expect(await kerbwatch(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    expect(await kerbwatch(['audit', '--help'])).toMatchObject({ code: 0, stderr: '' });
    expect((await kerbwatch(['audit', '--help'])).stdout).toContain('3 coverage incomplete');
  });
});

describe('a fault of the program itself', () => {
  it('keeps its stack and has an exit code of its own', () => {
    const failure = failureOf(new TypeError('x is not a function'), untouched);

    expect(failure.code).toBe(70);
    expect(failure.message).toMatch(/x is not a function\n\s+at /u);
  });
});
