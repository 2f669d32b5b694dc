/** As much of JSON Schema 2020-12 as the schemas of this repository use, references resolved; a keyword that is not here fails the test that meets it. */
interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

const annotations = new Set(['$schema', '$id', 'title', 'description', 'default', 'format', 'propertyNames']);

/** Whether the schema takes the value. */
export function accepts(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, expected]) => {
    const check = checks[keyword];
    if (check !== undefined) return check(expected as never, value, schema);
    if (annotations.has(keyword)) return true;
    throw new Error(`The check knows no keyword ${keyword}`);
  });
}

const checks: Readonly<Record<string, (expected: never, value: unknown, schema: Schema) => boolean>> = {
  type: (types: string | readonly string[], value) => [types].flat().some((type) => isOfType(type, value)),
  anyOf: (options: readonly Schema[], value) => options.some((option) => accepts(option, value)),
  oneOf: (options: readonly Schema[], value) => options.filter((option) => accepts(option, value)).length === 1,
  enum: (words: readonly unknown[], value) => words.includes(value),
  const: (word: unknown, value) => word === value,
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  minLength: (least: number, value) => typeof value !== 'string' || value.length >= least,
  maxLength: (most: number, value) => typeof value !== 'string' || value.length <= most,
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  maxItems: (most: number, value) => !Array.isArray(value) || value.length <= most,
  minProperties: (least: number, value) => !isObject(value) || Object.keys(value).length >= least,
  maxProperties: (most: number, value) => !isObject(value) || Object.keys(value).length <= most,
  required: (names: readonly string[], value) => !isObject(value) || names.every((name) => name in value),
  items: (items: Schema, value) => !Array.isArray(value) || value.every((item) => accepts(items, item)),
  properties: (properties: Readonly<Record<string, Schema>>, value) =>
    !isObject(value) ||
    Object.entries(properties).every(([key, below]) => !(key in value) || accepts(below, value[key])),
  additionalProperties: (others: boolean | Schema, value, { properties = {} }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([key, item]) => key in properties || (typeof others === 'boolean' ? others : accepts(others, item)),
    ),
};

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
