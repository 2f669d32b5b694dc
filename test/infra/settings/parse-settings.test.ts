import { describe, expect, it } from 'vitest';
import { rules } from '../../../domain/rules/index.ts';
import { defaultSettings, parseSettings } from '../../../infra/settings/parse-settings.ts';
import type { KnownRule } from '../../../infra/settings/rule-settings.ts';
import { SettingsInvalid, type SettingsProblem } from '../../../infra/settings/settings-invalid.ts';

const told = { statement: 'All is well', severity: 'critical' } as const;
const knownRules: readonly KnownRule[] = [
  { ...told, id: 'mfa-excluded', thresholds: {} },
  {
    ...told,
    id: 'sp-password-expiry',
    thresholds: { criticalDays: 7, failDays: 30, warnDays: 60, noticeMonths: 6 },
  },
];
const webhook = { channel: 'webhook', url: 'https://alerts.contoso.com/kerbwatch', secretSetting: 'WEBHOOK_SECRET' };
const subscription = 'A1B2C3D4-0000-4000-8000-000000000001';

function parse(settings: unknown) {
  return parseSettings(JSON.stringify(settings), { knownRules, where: 'kerbwatch.json' });
}

function problemsOf(settings: unknown): readonly SettingsProblem[] {
  try {
    parse(settings);
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have a default for everything', () => {
    expect(parse({})).toEqual(defaultSettings());
    expect(parse({ schema: 'kerbwatch.settings/v1', scope: {}, watch: {}, remediation: {} })).toEqual(
      defaultSettings(),
    );
    expect(defaultSettings()).toMatchObject({
      scope: { managementGroups: [], subscriptions: [], exclude: [] },
      rules: {},
      expectedSource: [],
      alerts: [],
      watch: { debounceSeconds: 30 },
      retention: { historyDays: 400, runsDays: 90, inboxDays: 30, resolvedFindingsDays: 400 },
      privacy: { userPrincipalName: false },
    });
  });

  it('run every action dry unless they say otherwise', () => {
    const { remediation } = parse({ remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve' } });

    expect(remediation).toMatchObject({
      'grant-consent': 'auto',
      'exclude-app-from-policy': 'approve',
      'add-missing-scopes': 'dry-run',
    });
    expect(new Set(Object.values(defaultSettings().remediation))).toEqual(new Set(['dry-run']));
  });

  it('are read whole', () => {
    const match = { subscription: '*', resourceGroup: 'rg-*', name: 'contoso*', tag: { Identity: 'entra' } };
    const settings = parse({
      scope: { managementGroups: ['mg-prod'], subscriptions: [subscription], exclude: [{ name: 'legacy*' }] },
      rules: {
        'mfa-excluded': { severity: 'high' },
        'sp-password-expiry': { enabled: false, thresholds: { failDays: 45 } },
      },
      expectedSource: [{ match, source: 'AADKERB' }],
      cloudOnlyUsers: [{ tag: { Users: 'cloud' } }],
      alerts: [webhook, { ...webhook, url: 'http://127.0.0.1:7071/alerts', minimumSeverity: 'low' }],
      watch: { debounceSeconds: 1 },
    });

    expect(settings).toMatchObject({
      scope: {
        managementGroups: ['mg-prod'],
        subscriptions: [subscription.toLowerCase()],
        exclude: [{ name: 'legacy*' }],
      },
      expectedSource: [{ match, source: 'AADKERB' }],
      cloudOnlyUsers: [{ tag: { Users: 'cloud' } }],
      alerts: [{ ...webhook, minimumSeverity: 'medium' }, { minimumSeverity: 'low' }],
      watch: { debounceSeconds: 1 },
    });
    expect(settings.rules).toEqual({
      'mfa-excluded': { enabled: true, severity: 'high', thresholds: {} },
      'sp-password-expiry': { enabled: false, severity: null, thresholds: { failDays: 45 } },
    });
  });

  it('may switch off any rule there is', () => {
    const off = Object.fromEntries(rules.map(({ id }) => [id, { enabled: false }]));
    const text = JSON.stringify({ rules: off });

    const settings = parseSettings(text, { knownRules: rules, where: 'kerbwatch.json' });

    expect(Object.values(settings.rules).map(({ enabled }) => enabled)).toEqual(rules.map(() => false));
  });

  it('may name the schema that an editor checks them with', () => {
    expect(parse({ $schema: './settings.schema.json' })).toEqual(defaultSettings());
  });

  it('may begin with a byte-order mark', () => {
    expect(parseSettings('\uFEFF{}', { knownRules, where: 'kerbwatch.json' })).toEqual(defaultSettings());
  });

  it('brake remediation where they do not say how', () => {
    expect(parse({}).brakes).toEqual({
      ...{ killSwitch: false, writesPerHourPerAction: 20, writesPerHour: 50, stopAfterFailures: 3 },
      ...{ quietHours: [], approvalHours: 24, requesters: [] },
    });
  });

  it('take quiet hours as minutes of the day, and requesters without case', () => {
    const id = 'AAAAAAAA-0000-4000-8000-00000000000B';
    const { quietHours, requesters } = parse({
      brakes: { quietHours: [{ from: '22:30', to: '06:00' }], requesters: [id] },
    }).brakes;

    expect(quietHours).toEqual([{ from: 22 * 60 + 30, to: 6 * 60 }]);
    expect(requesters).toEqual([id.toLowerCase()]);
  });

  it.each([
    [{ quietHours: [{ from: '24:00', to: '06:00' }] }, 'brakes.quietHours[0].from'],
    [{ quietHours: [{ from: '06:00', to: '06:00' }] }, 'brakes.quietHours[0]'],
    [{ writesPerHour: 0 }, 'brakes.writesPerHour'],
    [{ writesPerHour: 501 }, 'brakes.writesPerHour'],
    [{ requesters: ['ann@contoso.com'] }, 'brakes.requesters[0]'],
  ])('refuse brakes %j', (brakes, path) => {
    expect(problemsOf({ brakes }).map((problem) => problem.path)).toEqual([path]);
  });

  it('want no approval of waivers and announce their end 15 days before, unless they say otherwise', () => {
    expect(parse({}).waivers).toEqual({ requireApproval: false, warnDays: 15 });
    expect(parse({ waivers: { requireApproval: true, warnDays: 30 } }).waivers).toEqual({
      requireApproval: true,
      warnDays: 30,
    });
    expect(problemsOf({ waivers: { warnDays: 0 } })).toEqual([
      { path: 'waivers.warnDays', what: 'has to be 1 or more' },
    ]);
  });
});

describe('settings that are wrong', () => {
  it.each([
    [{ expectedSorce: [] }, 'expectedSorce', 'did you mean "expectedSource"?'],
    [{ schema: 'kerbwatch.settings/v2' }, 'schema', 'did you mean "kerbwatch.settings/v1"?'],
    [{ scope: { subscription: [] } }, 'scope.subscription', 'did you mean "subscriptions"?'],
    [{ scope: { subscriptions: ['prod'] } }, 'scope.subscriptions[0]', 'has to be the id of a subscription'],
    [{ scope: { exclude: [{ names: 'x' }] } }, 'scope.exclude[0].names', 'did you mean "name"?'],
    [{ rules: { 'mfa-exluded': {} } }, 'rules.mfa-exluded', 'did you mean "mfa-excluded"?'],
    [{ rules: { 'mfa-excluded': { severity: 'hihg' } } }, 'rules.mfa-excluded.severity', 'did you mean "high"?'],
    [{ rules: { 'mfa-excluded': { enabled: 'no' } } }, 'rules.mfa-excluded.enabled', 'has to be true or false'],
    [
      { rules: { 'sp-password-expiry': { thresholds: { failDay: 3 } } } },
      'rules.sp-password-expiry.thresholds.failDay',
      'did you mean "failDays"?',
    ],
    [
      { rules: { 'sp-password-expiry': { thresholds: { failDays: -1 } } } },
      'rules.sp-password-expiry.thresholds.failDays',
      'must not be negative',
    ],
    [
      { rules: { 'mfa-excluded': { thresholds: { days: 3 } } } },
      'rules.mfa-excluded.thresholds.days',
      'nothing can be set here',
    ],
    [{ expectedSource: [{ match: {}, source: 'AADKERBEROS' }] }, 'expectedSource[0].source', 'did you mean "AADKERB"?'],
    [{ remediation: { 'grant-consents': 'auto' } }, 'remediation.grant-consents', 'did you mean "grant-consent"?'],
    [{ remediation: { 'grant-consent': 'dryrun' } }, 'remediation.grant-consent', 'did you mean "dry-run"?'],
    [
      { remediation: { 'exclude-app-from-policy': 'auto' } },
      'remediation.exclude-app-from-policy',
      'never runs by itself, since it weakens security',
    ],
    [
      { remediation: { 'allow-aes256-kerberos': 'auto' } },
      'remediation.allow-aes256-kerberos',
      'never runs by itself, since it interrupts users',
    ],
    [{ alerts: [{ ...webhook, channel: 'webhok' }] }, 'alerts[0].channel', 'did you mean "webhook"?'],
    [{ alerts: [{ ...webhook, channel: 'teams' }] }, 'alerts[0].channel', 'is not supported yet'],
    [{ alerts: [{ ...webhook, url: 'http://alerts.contoso.com' }] }, 'alerts[0].url', 'has to begin with https://'],
    [{ alerts: [{ ...webhook, url: 'http://127.0.0.1.contoso.com' }] }, 'alerts[0].url', 'has to begin with https://'],
    [{ alerts: [{ ...webhook, url: 'https://me:pw@contoso.com' }] }, 'alerts[0].url', 'must not hold'],
    [{ alerts: [{ ...webhook, url: 'contoso' }] }, 'alerts[0].url', 'is not an address'],
    [{ alerts: [{ ...webhook, secretSetting: 'not a name' }] }, 'alerts[0].secretSetting', 'name of the app setting'],
    [{ watch: { debounceSeconds: 601 } }, 'watch.debounceSeconds', '600 or less'],
    [{ retention: { historyDays: 0 } }, 'retention.historyDays', '1 or more'],
    [{ retention: { inboxDays: 1 } }, 'retention.inboxDays', '2 or more'],
    [{ retention: { runsDays: 1.5 } }, 'retention.runsDays', 'whole'],
    [{ retention: { runDays: 30 } }, 'retention.runDays', 'runsDays'],
    [{ privacy: { userPrincipalName: 'yes' } }, 'privacy.userPrincipalName', 'true or false'],
    [{ watch: { debounceSeconds: -1 } }, 'watch.debounceSeconds', '0 or more'],
    [{ watch: { debounceSeconds: '30' } }, 'watch.debounceSeconds', 'has to be a number'],
    [{ watch: { debounceSeconds: null } }, 'watch.debounceSeconds', 'has to be a number of seconds'],
    [
      { rules: { 'mfa-excluded': { severity: 'urgent' } } },
      'rules.mfa-excluded.severity',
      'has to be one of critical, high',
    ],
    [{ colour: 1 }, 'colour', 'unknown key; here belong $schema, schema, scope, rules'],
    [{ alerts: [{ ...webhook, channel: 'pigeon' }] }, 'alerts[0].channel', 'has to be one of webhook, teams'],
    [{ alerts: webhook }, 'alerts', 'has to be a list'],
    [{ alerts: [{ channel: 'webhook', secretSetting: 'S' }] }, 'alerts[0].url', 'is missing; it has to be an address'],
    [{ expectedSource: [{ source: 'AD' }] }, 'expectedSource[0].match', 'is missing; it has to be an object'],
    [{ scope: { exclude: [{ tag: { env: 3 } }] } }, 'scope.exclude[0].tag.env', 'has to be a text'],
    [{ scope: null }, 'scope', 'has to be an object'],
    [
      { rules: { 'sp-password-expiry': { thresholds: { noticeMonths: 1.5 } } } },
      'rules.sp-password-expiry.thresholds.noticeMonths',
      'has to be whole',
    ],
    [
      { rules: { 'sp-password-expiry': { thresholds: { warnDays: 1e9 } } } },
      'rules.sp-password-expiry.thresholds.warnDays',
      'has to be 36500 or less',
    ],
    [[], '', 'has to be an object'],
  ])('%j name the place and the nearest valid name', (settings, path, what) => {
    const problems = problemsOf(settings);

    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.what).toContain(what);
  });

  it('list every problem in one message that begins with the place they came from', () => {
    const settings = {
      alert: [],
      wach: {},
      rules: { 'mfa-excluded': { severity: 'top' } },
      watch: { debounceSeconds: 900 },
    };

    expect(new Set(problemsOf(settings).map(({ path }) => path))).toEqual(
      new Set(['alert', 'wach', 'rules.mfa-excluded.severity', 'watch.debounceSeconds']),
    );
    expect(() => parse(settings)).toThrow(/^kerbwatch\.json cannot be used as settings:\n/u);
    expect(() => parse(settings)).toThrow('wach: unknown key; did you mean "watch"?');
  });

  it.each([
    ['', 'is empty'],
    ['{ "scope": ', 'line 1, column 12: is not JSON: expected a value, found the end of the text'],
    ['scope: {}', 'line 1, column 1: is not JSON: expected a value, found scope:'],
  ])('are refused as the text %j', (text, message) => {
    expect(() => parseSettings(text, { knownRules, where: 'KERBWATCH_SETTINGS' })).toThrow(message);
  });
});

describe('a match that names nothing', () => {
  it.each([{}, { tag: {} }])('is refused as %j where it would exclude every account', (match) => {
    expect(problemsOf({ scope: { exclude: [match] } }).map(({ path }) => path)).toEqual(['scope.exclude[0]']);
    expect(problemsOf({ cloudOnlyUsers: [match] }).map(({ path }) => path)).toEqual(['cloudOnlyUsers[0]']);
  });

  it('is taken where it means all', () => {
    expect(parse({ expectedSource: [{ match: {}, source: 'AADKERB' }] }).expectedSource).toHaveLength(1);
  });
});
