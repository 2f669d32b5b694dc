import { describe, expect, it } from 'vitest';
import { rulePageMarkdown } from '../../../cli/pages/rule-page-markdown.ts';
import type { RulePage } from '../../../domain/rules/pages/page.ts';
import type { AccountRule } from '../../../domain/rules/rule.ts';
import { verdict } from '../../../domain/rules/verdicts.ts';

const rule: AccountRule = {
  about: 'account',
  id: 'kettle-on',
  statement: 'The kettle is on',
  why: 'Without it there is no tea.',
  severity: 'high',
  needs: ['storage-accounts', 'oauth2-permission-grants'],
  helpedBy: ['role-definitions'],
  symptom: 'Cold cups',
  remediation: { summary: 'Switch it on', action: 'grant-consent' },
  thresholds: { warnDays: 60, failDays: 30 },
  evaluate: () => verdict('pass', 'high', 'On', {}),
};

const page: RulePage = {
  rule: 'kettle-on',
  why: 'Tea needs hot water.',
  affected: 'Everyone.',
  reading: 'By hand.',
  outcomes: [
    { when: 'it is `on` | warm', outcome: 'pass', severity: null },
    { when: 'it is off', outcome: 'fail', severity: 'high' },
  ],
  unknown: 'The kitchen is locked.',
  fix: {
    before: 'Knock first.',
    portal: 'The switch.',
    azureCli: '`az kettle on`',
    powerShell: '`Start-Kettle`\n\nTwice.',
    graph: '`POST /kettle`',
    after: 'Wait.',
  },
  undo: 'Switch it off.',
  sources: [{ title: 'Tea', url: 'https://learn.microsoft.com/tea' }],
};

describe('rulePageMarkdown', () => {
  const text = rulePageMarkdown(rule, page, null);

  it('opens with the name, the statement, the severity and the symptom', () => {
    expect(
      text
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 3),
    ).toEqual(['# kettle-on', '> The kettle is on', '**Severity:** high. **Symptom:** Cold cups.']);
  });

  it('says so where nothing shows', () => {
    expect(rulePageMarkdown({ ...rule, symptom: null }, page, null)).toContain('nothing that a user would see');
  });

  it('tells all in the same order', () => {
    expect([...text.matchAll(/^## (.+)$/gmu)].map(([, title]) => title)).toEqual([
      'Why',
      'Who is affected',
      'How it is read',
      'When it says unknown',
      'How to fix it',
      'How to undo it',
      'Example',
      'Sources',
    ]);
  });

  it('adds what the rule knows itself: collections, thresholds with defaults, permissions, action', () => {
    expect(text).toContain('`storage-accounts` and `oauth2-permission-grants`; where it can, also `role-definitions`.');
    expect(text).toContain('`warnDays` (60), `failDays` (30)');
    expect(text).toMatch(/`oauth2-permission-grants` +\| `Directory\.Read\.All` +\| unknown/u);
    expect(text).toMatch(/`role-definitions` +\| `Reader \(Microsoft\.Authorization\/\S+\)` +\| less sure/u);
    expect(text).toContain('"remediation": { "grant-consent": "auto" }');
  });

  it('says that an action that is not safe never runs without a person, and of one that is not there that it needs one', () => {
    const withAction = (action: string | null): string =>
      rulePageMarkdown({ ...rule, remediation: { ...rule.remediation, action } }, page, null);

    expect(withAction('exclude-app-from-policy')).toContain('weakens security');
    expect(withAction('exclude-app-from-policy')).toContain('"remediation": { "exclude-app-from-policy": "approve" }');
    expect(withAction(null)).toContain('no action for it: it needs a person');
    expect(withAction('boil')).toContain('it needs a person');
  });

  it('lists every way to fix it, further paragraphs in their item', () => {
    expect(text).toContain('- **PowerShell:** `Start-Kettle`\n\n  Twice.\n- **Microsoft Graph:**');
  });

  it('shows a finding with its evidence, or that there is none', () => {
    const found = verdict('fail', 'high', 'The kettle ‹Old› is off: nobody gets tea', { evidence: { kettle: 'old' } });
    const shown = rulePageMarkdown(rule, page, { id: 'kitchen/kettle-on', verdict: found });

    expect(text).toContain('The sample tenant has none.');
    expect(shown).toContain('`kitchen/kettle-on` (fail, high)');
    expect(shown).toContain('> The kettle ‹Old› is off: nobody gets tea');
    expect(shown).toContain('{ "kettle": "old" }');
  });
});
