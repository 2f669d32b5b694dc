import { describe, expect, it } from 'vitest';
import { settingsExamples, wholeSettingsExample } from '../../../cli/pages/settings-examples.ts';
import { settingsFiles } from '../../../cli/pages/settings-files.ts';
import { rules } from '../../../domain/rules/index.ts';
import { type JsonSchema, settingsJsonSchema } from '../../../infra/settings/json-schema.ts';
import { defaultSettings, parseSettings } from '../../../infra/settings/parse-settings.ts';
import { accepts } from './json-schema-check.ts';

const schema = settingsJsonSchema(rules);
const [markdown = '', json = ''] = settingsFiles().map(({ text }) => text);

/** Whether Kerbwatch itself takes the settings. */
function takes(settings: unknown): boolean {
  try {
    parse(settings);
    return true;
  } catch {
    return false;
  }
}

function parse(settings: unknown) {
  return parseSettings(JSON.stringify(settings), { knownRules: rules, where: 'settings' });
}

/** Every schema below, by its path. */
function below(path: string, { properties = {}, items }: JsonSchema): [string, JsonSchema][] {
  const named = Object.entries(properties).map(([name, found]): [string, JsonSchema] => [`${path}.${name}`, found]);
  return [...named, ...(items === undefined ? [] : [[`${path}[]`, items] as [string, JsonSchema]])].flatMap((entry) => [
    entry,
    ...below(...entry),
  ]);
}

/** What the schema says is the default, for everything that has one. */
function defaultOf({ properties, default: fallback }: JsonSchema): unknown {
  if (properties === undefined) return fallback;
  return Object.fromEntries(Object.entries(properties).map(([key, found]) => [key, defaultOf(found)]));
}

/** What the meta-schema would object to, by its path. */
function malformed(path: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const at = `${path}/${key}`;
    // Below these the keys are names that settings take, or a value of theirs.
    if (/\/(?:properties|default)$/u.test(path)) return path.endsWith('/default') ? [] : malformed(at, inner);
    const check = wellFormed[key];
    return check === undefined || check(inner) ? malformed(at, inner) : [at];
  });
}

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const isText = (value: unknown) => typeof value === 'string';
const isTexts = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isText);
const wellFormed: Readonly<Record<string, (value: unknown) => boolean>> = {
  description: isText,
  title: isText,
  pattern: isText,
  format: isText,
  enum: (value) => isTexts(value) && new Set(value as readonly string[]).size === (value as readonly string[]).length,
  required: isTexts,
  type: (value) => [value].flat().every((type) => types.includes(type as string)) && [value].flat().length > 0,
};

describe('the JSON Schema of the settings', () => {
  it('is in its file what it is in the code, well-formed down to every key', () => {
    const committed = JSON.parse(json) as unknown;

    expect(committed).toEqual(schema);
    expect(malformed('', committed)).toEqual([]);
  });

  it('names JSON Schema 2020-12, and describes every key', () => {
    expect((JSON.parse(json) as { $schema: string }).$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const keys = below('', schema).filter(([path]) => !path.endsWith('[]'));
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter(([, { description }]) => description === undefined).map(([path]) => path)).toEqual([]);
  });

  it('has the defaults that Kerbwatch has', () => {
    const { scope, remediation, watch, expectedSource, alerts, cloudOnlyUsers, retention, privacy } = defaultSettings();

    expect(defaultOf(schema)).toMatchObject({
      scope,
      remediation,
      watch,
      expectedSource,
      alerts,
      cloudOnlyUsers,
      retention,
      privacy,
    });
    for (const { id, severity, thresholds } of rules) {
      expect(defaultOf(schema.properties?.['rules']?.properties?.[id] ?? {})).toEqual({
        enabled: true,
        severity,
        thresholds,
      });
    }
  });

  it('has defaults that are taken', () => {
    const taken = { ...(defaultOf(schema) as object), $schema: './settings.schema.json' };
    const given = JSON.parse(JSON.stringify(taken)) as unknown;

    expect(accepts(schema as never, given)).toBe(true);
    expect(takes(given)).toBe(true);
  });

  it.each([
    {},
    wholeSettingsExample,
    ...Object.entries(settingsExamples).map(([key, value]) => ({ [key]: value })),
    { waivers: [], brakes: {} },
    { brakes: { quietHours: [{ from: '24:00', to: '06:00' }] } },
    { brakes: { writesPerHour: 501 } },
    { brakes: { requesters: ['ann@contoso.com'] } },
    { colour: 1 },
    { schema: 'kerbwatch.settings/v2' },
    { scope: [] },
    { scope: { subscriptions: ['production'] } },
    { scope: { exclude: [{}] } },
    { scope: { exclude: [{ subscription: 'contoso prod' }] } },
    { scope: { exclude: [{ subscription: '' }] } },
    { scope: { exclude: [{ subscription: '11111111-0000-4000-8000-00000000000A' }] } },
    { scope: { exclude: [{ subscription: '11111111-*' }] } },
    { scope: { exclude: [{ subscription: 'contoso*' }] } },
    { scope: { managementGroups: [' '] } },
    { cloudOnlyUsers: [{ tag: { a: 1 } }] },
    { rules: { 'no-such-rule': {} } },
    { rules: { 'mfa-excluded': { enabled: 'yes' } } },
    { rules: { 'mfa-excluded': { severity: 'urgent' } } },
    { rules: { 'mfa-excluded': { thresholds: { days: 1 } } } },
    { rules: { 'sp-password-expiry': { thresholds: { warnDays: -1 } } } },
    { rules: { 'sp-password-expiry': { thresholds: { noticeMonths: 6.5 } } } },
    { expectedSource: [{ source: 'AD' }] },
    { expectedSource: [{ match: { name: '' }, source: 'AD' }] },
    { remediation: { 'exclude-app-from-policy': 'auto' } },
    { remediation: { 'grant-consent': 'auto' } },
    { alerts: [{ channel: 'teams', url: 'https://a.example', secretSetting: 'S' }] },
    { alerts: [{ channel: 'webhook', url: 'https://a.example', secretSetting: 'not a name' }] },
    { alerts: [{ channel: 'webhook', secretSetting: 'S' }] },
    { watch: { debounceSeconds: 601 } },
    { retention: { days: 5 } },
    { waivers: [{}] },
  ])('says of %j what Kerbwatch says', (settings) => {
    expect(accepts(schema as never, settings)).toBe(takes(settings));
  });
});

describe('docs/settings.md', () => {
  it('has an example for every key that does something, and says of the others that they do nothing', () => {
    const idle = Object.entries(schema.properties ?? {}).filter(([, { description }]) =>
      description?.startsWith('Not supported yet'),
    );
    const active = Object.keys(parse({}));

    expect(Object.keys(settingsExamples).toSorted()).toEqual(active.toSorted());
    expect(idle).toEqual([]);
    expect(markdown).toContain('Every channel of `alerts` but `webhook`');
  });

  it('holds only examples that Kerbwatch takes, all of them', () => {
    const blocks = [...markdown.matchAll(/```json\n(.*?)```/gsu)].map(([, text = '']) => JSON.parse(text) as unknown);

    expect(blocks).toHaveLength(Object.keys(settingsExamples).length + 1);
    expect(blocks.filter((block) => !takes(block))).toEqual([]);
  });

  it.each(rules)('tells the severity and the thresholds of $id', ({ id, severity, thresholds }) => {
    expect(markdown).toMatch(new RegExp(`^\\| \\[${id}\\]\\(rules/${id}\\.md\\) +\\| ${severity} `, 'mu'));
    for (const [name, value] of Object.entries(thresholds)) {
      expect(markdown).toMatch(new RegExp(`^\\| \`rules\\.${id}\\.thresholds\\.${name}\`.*\`${value}\``, 'mu'));
    }
  });
});
