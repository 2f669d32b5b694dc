import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { casesFor } from '../../../cli/conformance/cases.ts';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import { kerbwatch } from '../recorded-io.ts';

const example = resolve(import.meta.dirname, '../../../docs/examples/consumer.ts');

describe('kerbwatch jobs conformance', () => {
  it('lists what it would play, and plays nothing', async () => {
    const { code, stdout } = await kerbwatch(['jobs', 'conformance', '--list']);

    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(
      casesFor(['grant-consent']).map(({ name, expected }) => `${name}: ${expected}`),
    );
  });

  it('names the cases there are where one is asked for that is not', async () => {
    const { code, stderr } = await kerbwatch(['jobs', 'conformance', '--list', '--case', 'nothing']);

    expect(code).toBe(2);
    expect(stderr).toContain('--case nothing is none; use any of plain, ');
  });

  it('takes a patience in seconds only', async () => {
    const { code, stderr } = await kerbwatch(['jobs', 'conformance', '--list', '--patience', '0']);

    expect(code).toBe(2);
    expect(stderr).toContain('Give a number of seconds, up to 3600.');
  });

  it('starts the program behind --, and exits with 0 when it does all right', async () => {
    const cases = ['--case', 'plain', 'dry-run'];
    const program = ['--', process.execPath, example];
    const { code, stdout, stderr } = await kerbwatch(['jobs', 'conformance', ...cases, ...program]);

    expect(stdout).toBe('passed  plain\npassed  dry-run\n');
    expect(stderr).toBe('2 of 2 cases passed.\n');
    expect(code).toBe(0);
  });

  it('plays what is for the actions that the consumer says it carries out, and names those there are', async () => {
    const listed = await kerbwatch(['jobs', 'conformance', '--list', '--actions', 'allow-aes256-kerberos']);
    const none = await kerbwatch(['jobs', 'conformance', '--list', '--actions', 'everything']);

    expect(listed.stdout).toMatch(/^unapproved:allow-aes256-kerberos: /mu);
    expect(listed.stdout).not.toContain('done:grant-consent');
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('--actions everything is none; use any of grant-consent, '),
    ]);
  });

  it('tells every action that is not shown, and never counts it as passed', { timeout: 60_000 }, async () => {
    const program = ['--', process.execPath, example];
    const { code, stdout } = await kerbwatch(['jobs', 'conformance', '--patience', '3', ...program]);

    const others = Object.keys(actionRisks).filter((action) => action !== 'grant-consent');
    const lines = stdout
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('not shown'));
    expect(lines).toEqual(others.map((action) => expect.stringContaining(`not shown  ${action}: `) as string));
    expect(stdout).toContain('passed  done:grant-consent\n');
    expect(code).toBe(0);
  });

  it('exits with 1 where the program does wrong, as JSON where asked, and plays no more when it has ended', async () => {
    const argv = ['jobs', 'conformance', '--case', 'stale', 'plain', '--patience', '1', '--format', 'json'];
    const run = await kerbwatch([...argv, '--', process.execPath, '-e', 'process.exit(3)']);

    const document = JSON.parse(run.stdout) as {
      schema: string;
      cases: { name: string; faults: string[] }[];
      actionsNotShown: string[];
    };
    expect(run.code).toBe(1);
    expect(document.schema).toBe('kerbwatch.conformance/v1');
    expect(document.cases.map(({ name }) => name)).toEqual(['stale']);
    expect(document.actionsNotShown).toHaveLength(8);
    expect(document.cases[0]?.faults).toContain('The consumer has ended: exit code 3');
    expect(run.stderr).toContain('0 of 2 cases passed.');
  });
});
