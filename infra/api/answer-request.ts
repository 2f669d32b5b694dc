import { appRoles } from './auth/app-roles.ts';
import type { Caller } from './caller.ts';
import { entityTag, ifMatch, isHeld, type Precondition } from './entity-tags.ts';
import { type ApiAnswer, type ApiRequest, documentAnswer, notModified, problemAnswer } from './exchange.ts';
import { openApiDocument } from './open-api.ts';
import type { DescribedOperation, Operation, Reply } from './operation.ts';
import type { ApiAbout } from './open-api.ts';
import type { ApiAccess, OpenApiDocument } from './ports.ts';
import { problemOfError } from './problem-of-error.ts';
import { jsonOf, readBody } from './read-body.ts';
import { refused, RequestRefused } from './refusals.ts';
import { type Route, routesOf } from './route.ts';

/** What answering a request takes, whatever it asks for. */
export interface AnsweringPorts extends Pick<ApiAccess, 'callerCheck' | 'rateLimit'> {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Sends what a change has stored; what cannot be sent now stays stored. */
  readonly dispatch: () => Promise<void>;
  /** Tells of a failure, to whoever runs the app. */
  readonly tell: (text: string) => void;
  /** Keeps that a change was refused to a caller who is known, and why. */
  readonly recordRefusal?: (text: string) => void;
}

/** What operations work over, without the document, which is made here. */
export type Handling<Ports> = Omit<Ports, 'openApi'> & AnsweringPorts;

/** An API: its operations by their ids, and what its document says of it. */
export interface Api<Ports> {
  readonly operations: Readonly<Record<string, Operation<Ports>>>;
  readonly about: ApiAbout;
}

/**
 * Answers a request of an API. Whoever sent it is known before anything else of it is looked at. HEAD is answered as GET is,
 * without the body (RFC 9110, 9.3.2).
 */
export async function answerRequest<Ports extends { readonly openApi: () => OpenApiDocument }>(
  api: Api<Ports>,
  request: ApiRequest,
  ports: Handling<Ports>,
): Promise<ApiAnswer> {
  const answer = await answerTo(api, request, ports);
  return request.method === 'HEAD' ? { ...answer, body: '' } : answer;
}

async function answerTo<Ports extends { readonly openApi: () => OpenApiDocument }>(
  api: Api<Ports>,
  request: ApiRequest,
  ports: Handling<Ports>,
): Promise<ApiAnswer> {
  let caller: Caller | null = null;
  try {
    caller = await callerOf(request, ports);
    const { operation, path } = routeOf(api, request);
    checkRole(operation, caller);
    const precondition = preconditionOf(operation, request.headers);
    const body = await bodyOf(operation, request);
    const query = new URL(request.url).searchParams;
    const sent = { path, query, body, caller, precondition };
    return answerOf(operation, await run(api, operation, sent, ports), request);
  } catch (error) {
    const problem = problemOfError(error);
    if (caller !== null && !['GET', 'HEAD'].includes(request.method) && problem.status < 500) {
      const what = `${request.method} ${new URL(request.url).pathname}`;
      const who = caller.actor.objectId ?? 'a caller without an object id';
      ports.recordRefusal?.(`Refused ${what} to ${who}: ${String(problem.status)} ${problem.title}. ${problem.detail}`);
    }
    if (problem.status >= 500 && !(error instanceof RequestRefused)) {
      ports.tell(
        `A ${request.method} request of the API failed: ${error instanceof Error ? error.message : 'no error'}`,
      );
    }
    return problemAnswer(problem);
  }
}

async function callerOf({ headers }: ApiRequest, { callerCheck, rateLimit, now }: AnsweringPorts): Promise<Caller> {
  const checked = await callerCheck(headers, now());
  if ('problem' in checked) throw new RequestRefused(checked.problem);
  const { caller } = checked;
  const limited = rateLimit(caller.actor.objectId ?? '-', now());
  if (limited.allowed) return caller;
  const seconds = String(limited.retryAfterSeconds);
  throw refused('rate-limit', `You send more requests than one caller may; wait ${seconds} s.`, {
    headers: { 'Retry-After': seconds },
  });
}

function routeOf<Ports>({ operations }: Api<Ports>, { method, url }: ApiRequest): Route<Operation<Ports>> {
  const { pathname } = new URL(url);
  const routes = routesOf(pathname, Object.values(operations));
  const route = routes.get(method === 'HEAD' ? 'GET' : method);
  if (route !== undefined) return route;
  if (routes.size === 0) {
    throw refused(
      'not-found',
      'The API has no such path; GET /openapi.json lists those there are. The id of a finding is one segment, with ~ for /.',
    );
  }
  const allowed = [...routes.keys()].flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).join(', ');
  throw refused('method', `This path takes ${allowed}.`, { headers: { Allow: allowed } });
}

function checkRole({ role }: DescribedOperation, { roles }: Caller): void {
  const enough = role === 'any' ? appRoles : [role].flat();
  if (enough.some((each) => roles.includes(each))) return;
  const needed = enough.length > 1 ? `one of the app roles ${enough.join(', ')}` : `the app role ${enough.join('')}`;
  throw refused('role', `This needs ${needed}, which your token does not have: ask whoever assigns roles of the API.`);
}

function preconditionOf({ method, etag }: DescribedOperation, headers: Headers): Precondition | null {
  const precondition = ifMatch(headers);
  if (method === 'GET' || precondition === null || etag === 'change') return precondition;
  throw refused('stale', 'If-Match names what is there already; this makes something new. Leave the header out.');
}

async function bodyOf({ body }: DescribedOperation, request: ApiRequest): Promise<unknown> {
  const bytes = await readBody(request);
  if (body !== null) return jsonOf(bytes, request.headers);
  if (bytes.byteLength > 0) throw refused('request', 'This takes no body; leave it out.');
  return null;
}

async function run<Ports extends { readonly openApi: () => OpenApiDocument }>(
  { operations, about }: Api<Ports>,
  operation: Operation<Ports>,
  sent: Parameters<Operation<Ports>['run']>[0],
  handling: Handling<Ports>,
): Promise<Reply<object>> {
  const { dispatch } = handling;
  const ports = { ...handling, openApi: () => openApiDocument(operations, about) } as unknown as Ports;
  if (operation.method === 'GET') return operation.run(sent, ports);
  try {
    return await operation.run(sent, ports);
  } finally {
    // What failed half way may have stored something too.
    await dispatch();
  }
}

function answerOf({ status, method }: DescribedOperation, reply: Reply<object>, { headers }: ApiRequest): ApiAnswer {
  const { document, version } = reply;
  if (version === undefined) return documentAnswer(status, document, reply.headers);
  if (method === 'GET' && isHeld(headers, version)) return notModified(entityTag(version));
  return documentAnswer(status, document, { ETag: entityTag(version), ...reply.headers });
}
