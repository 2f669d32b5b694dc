import type { z } from 'zod';
import type { Settings } from '../../domain/model/settings.ts';
import { jsonFault } from './json-fault.ts';
import type { KnownRule } from './rule-settings.ts';
import { settingsSchema } from './schema.ts';
import { SettingsInvalid, type SettingsProblem } from './settings-invalid.ts';

/**
 * Settings from the JSON that a file or an app setting holds. `where` names that place in messages. Throws `SettingsInvalid`
 * with every problem at once.
 */
export function parseSettings(
  text: string,
  { knownRules, where }: { readonly knownRules: readonly KnownRule[]; readonly where: string },
): Settings {
  const result = settingsSchema(knownRules).safeParse(json(text, where));
  if (result.success) return result.data;
  throw new SettingsInvalid(where, result.error.issues.flatMap(problemsOf));
}

/** What holds without settings: every rule on, every action a dry run, no alert. */
export function defaultSettings(): Settings {
  return settingsSchema([]).parse({});
}

function json(text: string, where: string): unknown {
  const bare = text.replace(/^\uFEFF/u, '');
  if (bare.trim() === '') throw new SettingsInvalid(where, [{ path: '', what: 'is empty; {} means all defaults' }]);
  const fault = jsonFault(bare);
  if (fault === null) return JSON.parse(bare);
  const { line, column, what } = fault;
  throw new SettingsInvalid(where, [{ path: `line ${line}, column ${column}`, what: `is not JSON: ${what}` }]);
}

/** Unknown keys come together in one issue, with a line of its message for each. */
function problemsOf(issue: z.core.$ZodIssue): readonly SettingsProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pathOf(issue.path), what: issue.message }];
  const lines = issue.message.split('\n');
  return issue.keys.map((key, index) => ({ path: pathOf([...issue.path, key]), what: lines[index] ?? 'unknown key' }));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}
