import { describe, expect, it } from 'vitest';
import type { KnownRule } from '../../../infra/settings/rule-settings.ts';
import { parseSettings } from '../../../infra/settings/parse-settings.ts';
import { SettingsInvalid } from '../../../infra/settings/settings-invalid.ts';

const expiry: KnownRule = {
  id: 'expiry',
  statement: 'It lasts',
  severity: 'critical',
  thresholds: { criticalDays: 7, failDays: 30, warnDays: 60, noticeMonths: 6, rotationMonths: 6 },
};
const subscription = '11111111-0000-4000-8000-000000000001';
const webhook = { channel: 'webhook', url: 'https://alerts.contoso.com/kerbwatch', secretSetting: 'WEBHOOK_SECRET' };

/** `path: what` of every problem. */
function problemsOf(settings: unknown): readonly string[] {
  try {
    parseSettings(JSON.stringify(settings), { knownRules: [expiry], where: 'kerbwatch.json' });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    return error.problems.map(({ path, what }) => `${path}: ${what}`);
  }
}

describe('thresholds', () => {
  const withThresholds = (thresholds: Record<string, number>) => problemsOf({ rules: { expiry: { thresholds } } });

  it.each([
    [{ warnDays: 20 }, 'warnDays: is 20, which ends before failDays (30), so it would never count; set it to 30'],
    [
      { failDays: 90 },
      'failDays: is 90, which goes beyond warnDays (60), so that one would never count; set warnDays to 90',
    ],
    [
      { warnDays: 400 },
      'warnDays: is 400, which goes beyond noticeMonths (6), so that one would never count; set noticeMonths to 13',
    ],
    [{ criticalDays: 40, failDays: 35 }, 'failDays: is 35, which ends before criticalDays (40)'],
    [{ failDays: 0, criticalDays: 61 }, 'criticalDays: is 61, which goes beyond warnDays (60)'],
  ])('%j are out of order', (thresholds, said) => {
    const problems = withThresholds(thresholds);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`rules.expiry.thresholds.${said}`);
  });

  it.each([
    {},
    { criticalDays: 0 },
    { warnDays: 0 },
    { noticeMonths: 0 },
    { failDays: 60 },
    { warnDays: 90, noticeMonths: 3 },
    { rotationMonths: 1 },
    { criticalDays: 100, failDays: 200, warnDays: 300, noticeMonths: 12 },
  ])('%j are in order', (thresholds) => {
    expect(withThresholds(thresholds)).toEqual([]);
  });
});

describe('scope', () => {
  it.each([subscription, '1111*', '*'])('may not name a subscription and leave all of it out by %j', (pattern) => {
    const exclude = [{ name: 'legacy*' }, { subscription: pattern }];

    expect(problemsOf({ scope: { subscriptions: [subscription], exclude } })).toEqual([
      'scope.subscriptions[0]: scope.exclude[1] leaves out all of this subscription; take it out of one of the two',
    ]);
  });

  it('may leave out a part of a subscription, another one, and name management groups besides', () => {
    const exclude = [
      { subscription, name: 'legacy*' },
      { subscription, tag: { env: 'test' } },
      { subscription: '22222222-*' },
    ];

    expect(problemsOf({ scope: { managementGroups: ['mg'], subscriptions: [subscription], exclude } })).toEqual([]);
  });
});

describe('expectedSource', () => {
  it.each([
    [
      { name: 'Files*', tag: { Env: 'Prod' } },
      { tag: { env: 'prod' }, name: 'files*' },
      'is that of expectedSource[0]',
    ],
    [{}, { name: 'files*' }, 'never counts, since expectedSource[0] matches every account; put that one last'],
    [{ name: '*' }, { subscription }, 'never counts, since expectedSource[0] matches every account'],
    [{ tag: {} }, { subscription }, 'never counts, since expectedSource[0] matches every account'],
  ])('%j before %j', (first, second, said) => {
    const problems = problemsOf({
      expectedSource: [
        { match: first, source: 'AD' },
        { match: second, source: 'AADKERB' },
      ],
    });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`expectedSource[1].match: ${said}`);
  });

  it('may end with an entry for all other accounts', () => {
    const expectedSource = [
      { match: { name: 'files*' }, source: 'AD' },
      { match: { tag: { env: '*' } }, source: 'AD' },
      { match: {}, source: 'AADKERB' },
    ];

    expect(problemsOf({ expectedSource })).toEqual([]);
  });
});

describe('alerts', () => {
  it('may not go to one address twice, however it is spelled', () => {
    const again = { ...webhook, url: 'https://ALERTS.contoso.com:443/kerbwatch', minimumSeverity: 'low' };
    const elsewhere = { ...webhook, url: 'https://alerts.contoso.com/other' };

    expect(problemsOf({ alerts: [webhook, elsewhere, again] })).toEqual([
      'alerts[2].url: is that of alerts[0], which would be told everything twice; take one of the two out',
    ]);
  });
});

it('contradictions and mistakes elsewhere come together', () => {
  const settings = {
    colour: 'red',
    alerts: [webhook, webhook],
    scope: { subscriptions: [subscription], exclude: [{ subscription }] },
    rules: { expiry: { thresholds: { warnDays: 1 } } },
    watch: { debounceSeconds: 'x' },
  };

  expect(problemsOf(settings).map((problem) => problem.split(':')[0])).toEqual(
    expect.arrayContaining([
      'colour',
      'alerts[1].url',
      'scope.subscriptions[0]',
      'rules.expiry.thresholds.warnDays',
      'watch.debounceSeconds',
    ]),
  );
});

describe('the subscription of a match', () => {
  const why =
    'has to be the id of a subscription, such as 00000000-0000-0000-0000-000000000000, or part of one with "*" for the rest; its name selects nothing';

  it.each(['contoso prod', 'contoso-prod', 'contoso*', '11111111'])(
    '‹%s› would never match, and is refused',
    (given) => {
      expect(problemsOf({ scope: { exclude: [{ subscription: given }] } })).toEqual([
        `scope.exclude[0].subscription: ${why}`,
      ]);
      expect(problemsOf({ expectedSource: [{ match: { subscription: given }, source: 'AD' }] })).toEqual([
        `expectedSource[0].match.subscription: ${why}`,
      ]);
    },
  );

  it.each([subscription, subscription.toUpperCase(), '*', '11111111-*', '*-000000000001'])('%s is taken', (given) => {
    expect(problemsOf({ scope: { exclude: [{ subscription: given }] } })).toEqual([]);
  });
});
