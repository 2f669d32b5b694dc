import { describe, expect, it } from 'vitest';
import { rules } from '../../domain/rules/index.ts';
import { symptoms } from '../../domain/rules/symptoms.ts';
import { kerbwatch } from './recorded-io.ts';

const ids = rules.map(({ id }) => id);

describe('kerbwatch explain, given a rule', () => {
  it.each(rules)('prints the page of $id', async ({ id, statement }) => {
    const ran = await kerbwatch(['explain', id]);

    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout.replaceAll(/\s+/gu, ' ')).toContain(`${id} ${statement} Severity`);
  });

  it.each(ids)(
    'shows %s as text: no headings, bold or links of Markdown, and lines that fit unless copied',
    async (id) => {
      const { stdout } = await kerbwatch(['explain', id]);

      expect(stdout).not.toMatch(/^#{1,6} |\*\*|\]\(|^\|/mu);
      // What is longer is one word, or a command on a line of its own.
      const long = stdout.split('\n').filter((line) => line.length > 100 && !/^ {4,}\S/u.test(line));
      expect(long).toEqual([]);
    },
  );

  it('ignores the case of its name', async () => {
    const shouted = await kerbwatch(['explain', 'MFA-Excluded']);
    expect(shouted).toEqual(await kerbwatch(['explain', 'mfa-excluded']));
  });

  it('tells severity, symptom and remedy before all else', async () => {
    const { stdout } = await kerbwatch(['explain', 'mfa-excluded']);
    const top = stdout.split('\n').slice(0, 8).join('\n');

    expect(top).toContain('critical');
    expect(top).toContain('System error 1327');
    expect(top).toContain('Remedy');
  });
});

describe('kerbwatch explain, given a symptom', () => {
  it('says within ten lines what 1327 means and what to run next', async () => {
    const { code, stdout } = await kerbwatch(['explain', '1327']);
    const top = stdout.split('\n').slice(0, 10).join('\n');

    expect(code).toBe(0);
    expect(top).toContain('MFA is demanded');
    expect(top).toContain('kerbwatch audit');
    expect(top).toContain('kerbwatch explain mfa-excluded');
  });

  it('takes words with or without quotes', async () => {
    const quoted = await kerbwatch(['explain', 'System error 1326']);
    expect(await kerbwatch(['explain', 'System', 'error', '1326'])).toEqual(quoted);
    expect(quoted.stdout).toMatch(/^System error 1326: the user name or password is incorrect\n/u);
  });

  it('lists all that match, the best first, and says how many', async () => {
    const { stdout } = await kerbwatch(['explain', 'consent']);

    expect(stdout).toMatch(/^\d symptoms match 'consent', the best first\./u);
    expect(stdout).toContain('AADSTS65001');
    expect(stdout).toContain('Grant admin consent is greyed out');
  });

  it('leads to no rule where only hands can tell', async () => {
    const { stdout } = await kerbwatch(['explain', 'ten hours']);

    expect(stdout).toContain('Sign out and in again');
    expect(stdout).not.toContain('kerbwatch explain');
  });
});

describe('kerbwatch explain, given what it does not know', () => {
  it('names the rule that was meant, and every symptom', async () => {
    const ran = await kerbwatch(['explain', 'mfa-exclude']);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain("'mfa-exclude'. Did you mean mfa-excluded");
    expect(symptoms.filter(({ phrases }) => !ran.stderr.includes(phrases[0] ?? '-'))).toEqual([]);
  });

  it('does not take one error number for another', async () => {
    const ran = await kerbwatch(['explain', 'System error 9999']);

    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ids.filter((id) => !ran.stderr.includes(id))).toEqual([]);
  });

  it('refuses to be asked nothing', async () => {
    expect(await kerbwatch(['explain'])).toMatchObject({ code: 2, stdout: '' });
    expect(await kerbwatch(['explain', ' '])).toMatchObject({ code: 2, stdout: '' });
  });
});
