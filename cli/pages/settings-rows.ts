import type { JsonSchema } from '../../infra/settings/json-schema.ts';

/** A key of the settings, for a table: key, values, default, what it does. */
export type SettingsRow = readonly [key: string, values: string, fallback: string, description: string];

/** The rows of everything below an object or a list of objects; a `match` is one row, since it is described once. */
export function settingsRows(path: string, schema: JsonSchema): readonly SettingsRow[] {
  const { items, properties } = schema;
  if (items?.properties !== undefined && !isMatch(items)) return settingsRows(`${path}[]`, items);
  if (properties === undefined || isMatch(schema)) return [];
  return Object.entries(properties).flatMap(([name, below]) => {
    const key = `${path}.${name}`;
    const rows = settingsRows(key, below);
    return rows.length > 0 ? rows : [rowOf(key, below, schema.required?.includes(name) === true)];
  });
}

/** The row of one key. */
export function rowOf(key: string, schema: JsonSchema, required = false): SettingsRow {
  const fallback = schema.default === undefined ? '' : code(JSON.stringify(schema.default));
  return [code(key), valuesOf(schema), required ? 'has to be given' : fallback, schema.description ?? ''];
}

/** What may stand there, in words. */
function valuesOf(schema: JsonSchema): string {
  if (isMatch(schema)) return '[match](#match)';
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.items !== undefined) return `list of ${valuesOf(schema.items)}`;
  switch (schema.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return rangeOf(schema, 'whole number');
    case 'number':
      return rangeOf(schema, 'number');
    case 'object':
      return 'object';
    default:
      return schema.format === 'uuid' ? 'id' : 'text';
  }
}

function rangeOf({ minimum, maximum }: JsonSchema, what: string): string {
  if (maximum === undefined) return minimum === undefined ? what : `${what}, ${minimum} or more`;
  return `${what}, ${minimum ?? 0} to ${maximum}`;
}

function isMatch({ properties }: JsonSchema): boolean {
  return properties !== undefined && 'resourceGroup' in properties;
}

function code(text: string): string {
  return `\`${text}\``;
}
