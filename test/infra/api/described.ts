import { openApiDocument } from '../../../infra/api/open-api.ts';
import { auditorApi } from '../../../infra/api/handle.ts';
import { remediationApi } from '../../../infra/api/handle-remediation.ts';
import { accepts } from '../../cli/pages/json-schema-check.ts';

export type Json = Readonly<Record<string, unknown>>;

interface DescribedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly headers?: Json; readonly content?: Json }>>;
}

/** An OpenAPI document, as far as answers are held against it. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

/** The OpenAPI documents as they are committed and served. */
export const openApi = documentOf(auditorApi);
export const remediationOpenApi = documentOf(remediationApi);

function documentOf({ operations, about }: typeof auditorApi | typeof remediationApi): Document {
  return JSON.parse(JSON.stringify(openApiDocument(operations, about))) as Document;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What of an answer the document does not say: a status, a content type, a header, or a body that its schema does not take
 * whole. Members that are not described count as well.
 */
export function undescribed(
  method: string,
  path: string,
  { status, headers, body }: Answered,
  document: Document = openApi,
): readonly string[] {
  const operation = operationOf(method === 'HEAD' ? 'GET' : method, path, document);
  const response = operation?.responses[String(status)];
  // A path or a method that the document does not have is answered with a problem all the same.
  const content = operation === null && status >= 400 ? problems : response?.content;
  if (operation !== null && response === undefined) return [`${operation.operationId} has no answer ${String(status)}`];
  const missing = Object.keys(response?.headers ?? {}).filter((name) => name === 'ETag' && !headers.has(name));
  const wrong = missing.map((name) => `${name} is missing`);
  if (content === undefined || method === 'HEAD')
    return body === '' ? wrong : [...wrong, `${String(status)} has a body`];
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const { schema } = (content[type] ?? {}) as { readonly schema?: Json };
  if (schema === undefined) return [...wrong, `${String(status)} has content ${type}`];
  return accepts(closed(schema, document) as never, JSON.parse(body))
    ? wrong
    : [...wrong, `${String(status)} is not what its schema says: ${body}`];
}

/** The operation that a path of a request is of. */
export function operationOf(method: string, path: string, { paths }: Document = openApi): DescribedOperation | null {
  const { pathname } = new URL(path, 'http://127.0.0.1');
  const template = Object.keys(paths).find((each) =>
    new RegExp(`^${each.replaceAll(/\{\w+\}/gu, '[^/]+').replaceAll('.', String.raw`\.`)}$`, 'u').test(pathname),
  );
  return paths[template ?? '']?.[method.toLowerCase()] ?? null;
}

const problems: Json = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The schema with its references resolved, in which objects have the members that it describes and no others. */
function closed(schema: unknown, document: Document): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closed(each, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...own } = schema as Json;
  if (typeof $ref === 'string') return closed(document.components.schemas[$ref.split('/').at(-1) ?? ''], document);
  const entries = Object.entries(own).map(([key, value]) => [key, closed(value, document)] as const);
  return { ...('properties' in own ? { additionalProperties: false } : {}), ...Object.fromEntries(entries) };
}
