import { z } from 'zod';
import type { KnownRule } from './rule-settings.ts';
import { settingsSchema } from './schema.ts';

/** A JSON Schema, as far as that of the settings goes. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * The JSON Schema (2020-12) of the settings, for editors. It says of every key what it is, and which values it takes; that
 * values contradict each other only Kerbwatch itself says.
 */
export function settingsJsonSchema(knownRules: readonly KnownRule[]): JsonSchema {
  const schema = z.toJSONSchema(settingsSchema(knownRules), { io: 'input', target: 'draft-2020-12' });
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}
