import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../../cli/conformance/cases.ts';
import { kerbwatch } from '../recorded-io.ts';

const example = resolve(import.meta.dirname, '../../../docs/examples/consumer.ts');

describe('kerbwatch jobs conformance', () => {
  it('lists what it would play, and plays nothing', async () => {
    const { code, stdout } = await kerbwatch(['jobs', 'conformance', '--list']);

    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(conformanceCases.map(({ name, expected }) => `${name}: ${expected}`));
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

  it('exits with 1 where the program does wrong, as JSON where asked, and plays no more when it has ended', async () => {
    const argv = ['jobs', 'conformance', '--case', 'stale', 'plain', '--patience', '1', '--format', 'json'];
    const run = await kerbwatch([...argv, '--', process.execPath, '-e', 'process.exit(3)']);

    const document = JSON.parse(run.stdout) as { schema: string; cases: { name: string; faults: string[] }[] };
    expect(run.code).toBe(1);
    expect(document.schema).toBe('kerbwatch.conformance/v1');
    expect(document.cases.map(({ name }) => name)).toEqual(['stale']);
    expect(document.cases[0]?.faults).toContain('The consumer has ended: exit code 3');
    expect(run.stderr).toContain('0 of 2 cases passed.');
  });
});
