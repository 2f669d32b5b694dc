import type { z } from 'zod';
import type { AppRole } from './auth/app-roles.ts';
import type { Caller } from './caller.ts';
import type { Precondition } from './entity-tags.ts';
import type { ApiPorts } from './ports.ts';
import { readJson, readQuery } from './read-values.ts';
import type { ProblemKind } from './refusals.ts';

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

type Read<Schema> = Schema extends z.ZodType ? z.output<Schema> : null;

/** A request as a handler gets it: who asks for what, all of it checked. */
export interface Asked<Names extends string, Query, Body> {
  readonly path: Readonly<Record<Names, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** What `If-Match` asks; null where it was not sent. */
  readonly precondition: Precondition | null;
}

export interface Reply<Document> {
  readonly document: Document;
  /** Version of what is answered, for its ETag. */
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What everybody can know of an operation: the router, the OpenAPI document, and who calls it. */
interface Described<Path extends string, Query, Body, Answer> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v1`; names in braces are segments. */
  readonly path: Path;
  /** Of several, one is enough; `any`: whoever has one of the roles. */
  readonly role: AppRole | readonly AppRole[] | 'any';
  readonly summary: string;
  readonly query: Query;
  /** Null: it takes no body. */
  readonly body: Body;
  readonly status: 200 | 201;
  readonly answer: Answer;
  /** What the ETag of its answers is for, null where they have none: `read` takes `If-None-Match`, `change` takes `If-Match`. */
  readonly etag: 'read' | 'change' | 'made' | null;
  /** Beside those that any request may meet. */
  readonly problems: readonly ProblemKind[];
}

interface Specified<
  Path extends string,
  Query,
  Body,
  Answer extends z.ZodType<object, object>,
  Ports,
> extends Described<Path, Query, Body, Answer> {
  readonly handle: (
    asked: Asked<NamesIn<Path>, Read<Query>, Read<Body>>,
    ports: Ports,
  ) => Promise<Reply<z.input<Answer>>>;
}

/** An operation as it is described, whatever it works over. */
export type DescribedOperation = Described<string, z.ZodObject, z.ZodObject | null, z.ZodType>;

/** An operation with its types forgotten: `run` reads what was sent as its schemas say, then handles it. */
export interface Operation<Ports> extends DescribedOperation {
  run(
    sent: Omit<Asked<string, URLSearchParams, unknown>, 'path'> & { readonly path: Readonly<Record<string, string>> },
    ports: Ports,
  ): Promise<Reply<object>>;
}

/** Makes operations of an API that work over `Ports`: all that routes, checks, describes and answers them. */
export function operationOver<Ports>() {
  return function operation<
    const Path extends string,
    Query extends z.ZodObject,
    Body extends z.ZodObject | null,
    Answer extends z.ZodType<object, object>,
  >({ handle, ...described }: Specified<Path, Query, Body, Answer, Ports>) {
    const { query, body } = described;
    const run: Operation<Ports>['run'] = (sent, ports) => {
      const asked = {
        ...sent,
        query: readQuery(query, sent.query),
        body: body === null ? null : readJson(body, sent.body),
      };
      return handle(asked as Parameters<typeof handle>[0], ports);
    };
    return { ...described, run };
  };
}

/** An operation of the auditor's API. */
export const operation = operationOver<ApiPorts>();
