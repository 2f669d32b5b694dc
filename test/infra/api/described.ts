import { openApiDocument } from '../../../infra/api/open-api.ts';
import { operations } from '../../../infra/api/operations/index.ts';
import { accepts } from '../../cli/pages/json-schema-check.ts';

export type Json = Readonly<Record<string, unknown>>;

interface DescribedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly headers?: Json; readonly content?: Json }>>;
}

/** The OpenAPI document as it is committed and served. */
export const openApi = JSON.parse(JSON.stringify(openApiDocument(operations))) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What of an answer the document does not say: a status, a content type, a header, or a body that its schema does not take
 * whole. Members that are not described count as well.
 */
export function undescribed(method: string, path: string, { status, headers, body }: Answered): readonly string[] {
  const operation = operationOf(method, path);
  const response = operation?.responses[String(status)];
  // A path or a method that the document does not have is answered with a problem all the same.
  const content = operation === null && status >= 400 ? problems : response?.content;
  if (operation !== null && response === undefined) return [`${operation.operationId} has no answer ${String(status)}`];
  const missing = Object.keys(response?.headers ?? {}).filter((name) => name === 'ETag' && !headers.has(name));
  const wrong = missing.map((name) => `${name} is missing`);
  if (content === undefined) return body === '' ? wrong : [...wrong, `${String(status)} has a body`];
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const { schema } = (content[type] ?? {}) as { readonly schema?: Json };
  if (schema === undefined) return [...wrong, `${String(status)} has content ${type}`];
  return accepts(closed(schema) as never, JSON.parse(body))
    ? wrong
    : [...wrong, `${String(status)} is not what its schema says: ${body}`];
}

/** The operation that a path of a request is of. */
export function operationOf(method: string, path: string): DescribedOperation | null {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  const template = Object.keys(openApi.paths).find((each) =>
    new RegExp(`^${each.replaceAll(/\{\w+\}/gu, '[^/]+').replaceAll('.', String.raw`\.`)}$`, 'u').test(pathname),
  );
  return openApi.paths[template ?? '']?.[method.toLowerCase()] ?? null;
}

const problems: Json = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The schema with its references resolved, in which objects have the members that it describes and no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...own } = schema as Json;
  if (typeof $ref === 'string') return closed(openApi.components.schemas[$ref.split('/').at(-1) ?? '']);
  const entries = Object.entries(own).map(([key, value]) => [key, closed(value)] as const);
  return { ...('properties' in own ? { additionalProperties: false } : {}), ...Object.fromEntries(entries) };
}
