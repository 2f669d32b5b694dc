import { z } from 'zod';
import { namedDocuments } from '../documents/common.ts';
import type { DescribedOperation } from './operation.ts';
import type { OpenApiDocument } from './ports.ts';
import { ProblemDocument } from './problem-document.ts';
import { type ProblemKind, statusOf, titleOf } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

/** What any request may meet. */
const always = ['role', 'too-large', 'rate-limit', 'internal', 'unreachable'] as const satisfies ProblemKind[];

const pathNames: Readonly<Record<string, string>> = {
  finding: 'Id of a finding with ~ for /: account~rule, or -~rule~subject.',
  waiver: 'Id of a waiver.',
  run: 'Id of a run, or latest.',
  job: 'Id of a remediation job.',
  action: 'Name of a remediation action.',
  queue: 'remediation-jobs or audit-work.',
  message: "The broker's number of the message.",
};

/** What a document says of the API itself. */
export interface ApiAbout {
  readonly title: string;
  readonly description: string;
  readonly server: { readonly url: string; readonly description: string };
}

/** The OpenAPI 3.1 document of the operations, by their ids. */
export function openApiDocument(
  operations: Readonly<Record<string, DescribedOperation>>,
  { title, description, server }: ApiAbout,
): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, operation] of Object.entries(operations)) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(id, operation);
  }
  return {
    openapi: '3.1.1',
    info: {
      title,
      version: '1.0.0',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [server],
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: referredFrom(paths, namedSchemas()),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of Microsoft Entra ID for this API; what it may do its app roles say.',
        },
      },
    },
  };
}

function described(id: string, operation: DescribedOperation): Json {
  const { path, role, summary, body } = operation;
  return {
    operationId: id,
    tags: [path.split('/')[1]?.replace('.json', '') ?? ''],
    summary,
    description: role === 'any' ? 'Needs any of the app roles.' : `Needs the app role ${[role].flat().join(' or ')}.`,
    parameters: parametersOf(operation),
    ...(body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: { ...successesOf(operation), ...problemsOf(operation) },
  };
}

function parametersOf({ path, query, etag }: DescribedOperation): readonly Json[] {
  const names = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name);
  const header = { read: 'If-None-Match', change: 'If-Match', made: null }[etag ?? 'made'];
  return [
    ...names.map((name) => ({
      name,
      in: 'path',
      required: true,
      description: pathNames[name] ?? '',
      schema: { type: 'string' },
    })),
    ...Object.entries<z.core.$ZodType>(query.shape).map(([name, value]) => {
      const { description, ...schema } = schemaOf(value, 'output');
      const isList = schema['type'] === 'array';
      return { name, in: 'query', description, ...(isList ? { style: 'form', explode: false } : {}), schema };
    }),
    ...(header === null
      ? []
      : [{ name: header, in: 'header', description: 'ETag of an answer before.', schema: { type: 'string' } }]),
  ];
}

function successesOf({ status, answer, etag }: DescribedOperation): Json {
  const headers = {
    ...(etag === null ? {} : { ETag: headerOf('Version of what is answered.') }),
    ...(status === 201 ? { Location: headerOf('Of what was made.') } : {}),
  };
  const success = {
    description: status === 201 ? 'It was made.' : 'As asked.',
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    content: { 'application/json': { schema: schemaOf(answer, 'input') } },
  };
  return {
    [status]: success,
    ...(etag === 'read' ? { 304: { description: 'If-None-Match names its version.' } } : {}),
  };
}

function problemsOf({ problems, body, etag }: DescribedOperation): Json {
  const kinds: readonly ProblemKind[] = [
    ...problems,
    ...always,
    ...(body === null ? [] : (['media-type'] as const)),
    ...(etag === null || etag === 'read' ? [] : (['stale'] as const)),
  ];
  const titles = new Map<number, string[]>([[401, ['No token, or one that is not good for this API']]]);
  for (const kind of kinds) titles.set(statusOf(kind), [...(titles.get(statusOf(kind)) ?? []), titleOf(kind)]);
  const content = { 'application/problem+json': { schema: schemaOf(ProblemDocument, 'input') } };
  return Object.fromEntries(
    [...titles].map(([status, meant]) => {
      const header = status === 401 ? 'WWW-Authenticate' : status === 429 || status === 503 ? 'Retry-After' : null;
      const headers = header === null ? {} : { headers: { [header]: headerOf('What to do next.') } };
      return [status, { description: `${meant.join('; ')}.`, ...headers, content }];
    }),
  );
}

function headerOf(description: string): Json {
  return { description, schema: { type: 'string' } };
}

const options = {
  target: 'draft-2020-12',
  override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
    // Lists are read-only in the code alone, and what a date-time is JSON Schema knows itself.
    delete jsonSchema['readOnly'];
    if (jsonSchema['format'] === 'date-time') delete jsonSchema['pattern'];
  },
} as const;

/** The schemas that a part of the document refers to, and those that they refer to, in the order of `schemas`. */
function referredFrom(part: unknown, schemas: Json): Json {
  const names = new Set<string>();
  const look = (within: unknown): void => {
    for (const [, name = ''] of JSON.stringify(within).matchAll(/"#\/components\/schemas\/([^"]+)"/gu)) {
      if (names.has(name)) continue;
      names.add(name);
      look(schemas[name]);
    }
  };
  look(part);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => names.has(name)));
}

function namedSchemas(): Json {
  const uri = (id: string): string => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(namedDocuments, { ...options, io: 'input', uri });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** A schema with a name is referred to, another stands where it is. */
function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const name = namedDocuments.get(schema)?.id;
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return bare(z.toJSONSchema(schema, { ...options, io }));
}

function bare(schema: object): Json {
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest)) as Json;
}
