import { rules } from '../../domain/rules/index.ts';
import { settingsJsonSchema } from '../../infra/settings/json-schema.ts';
import { jsonText } from './json-text.ts';
import { settingsMarkdown } from './settings-markdown.ts';

/** The documents about settings that are written from the code. */
export function settingsFiles(): readonly { readonly path: string; readonly text: string }[] {
  const schema = settingsJsonSchema(rules);
  return [
    { path: 'docs/settings.md', text: settingsMarkdown(schema, rules) },
    { path: 'docs/settings.schema.json', text: `${jsonText(schema)}\n` },
  ];
}
