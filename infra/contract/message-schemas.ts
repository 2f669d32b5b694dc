import { z } from 'zod';
import { AlertEvent } from '../messages/alert.ts';
import { AnyJson } from '../messages/cloud-event.ts';
import { JobEvent } from '../messages/job.ts';
import { ResultEvent } from '../messages/result.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The messages that others read or send, each by its type without the vendor, which is also how its file is named. */
const published = {
  'remediation.requested.v1': {
    schema: JobEvent,
    title: 'Remediation job',
    description:
      'Message on the queue remediation-jobs. Members may be added within a version: ignore what you do not know.',
  },
  'remediation.completed.v1': {
    schema: ResultEvent,
    title: 'Remediation result',
    description: 'Message on the queue remediation-results. A hint that a job has ended; it sets no state.',
  },
  'drift.v1': {
    schema: AlertEvent,
    title: 'Drift alert',
    description: 'Message on the topic drift-alerts, and the body of a webhook. Members may be added within a version.',
  },
} as const;

export type PublishedMessage = keyof typeof published;

/** The JSON Schema (2020-12) of every published message, made from what the code itself reads and writes them with. */
export function messageSchemas(): Readonly<Record<PublishedMessage, JsonObject>> {
  return {
    'remediation.requested.v1': schemaOf('remediation.requested.v1'),
    'remediation.completed.v1': schemaOf('remediation.completed.v1'),
    'drift.v1': schemaOf('drift.v1'),
  };
}

function schemaOf(name: PublishedMessage): JsonObject {
  const { schema, title, description } = published[name];
  const { $schema, ...members } = plain(schema);
  return { $schema, $id: `urn:kerbwatch:message:${name}`, title, description, ...members };
}

/** As a reader of any version sees it: open to members that are not known yet. */
function plain(schema: z.ZodType): JsonObject {
  const { $defs = {}, ...made } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => {
      // What a date-time is JSON Schema knows itself, and a JSON object has no other names than texts.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (isNames(jsonSchema.propertyNames)) delete jsonSchema.propertyNames;
    },
  });
  return JSON.parse(JSON.stringify(anythingFor($defs, made))) as JsonObject;
}

function isNames(names: unknown): boolean {
  return JSON.stringify(names) === '{"type":"string"}';
}

/** Any JSON at all is the empty schema; zod spells it out, as definitions that refer to themselves. */
function anythingFor(definitions: JsonObject, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => anythingFor(definitions, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const { $ref } = value as { readonly $ref?: string };
  if ($ref === undefined)
    return Object.fromEntries(entries.map(([name, item]) => [name, anythingFor(definitions, item)]));
  if (spelled($ref, definitions[$ref.replace('#/$defs/', '')]) !== spelled('#', z.toJSONSchema(AnyJson))) {
    throw new Error(`The schema of a message refers to ${$ref}, which is not any JSON; give it a name of its own`);
  }
  return Object.fromEntries(entries.filter(([name]) => name !== '$ref'));
}

/** A definition with one name for itself, so that two can be compared. */
function spelled(self: string, definition: unknown): string {
  return JSON.stringify(definition, (name, item: unknown) =>
    name === '$schema' || name === 'propertyNames' ? undefined : name === '$ref' && item === self ? '#' : item,
  );
}
