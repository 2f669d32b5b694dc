import { appRoles } from './auth/app-roles.ts';
import type { Caller } from './caller.ts';
import { entityTag, ifMatch, isHeld, type Precondition } from './entity-tags.ts';
import { type ApiAnswer, type ApiRequest, documentAnswer, notModified, problemAnswer } from './exchange.ts';
import { openApiDocument } from './open-api.ts';
import type { Operation, Reply } from './operation.ts';
import { operations } from './operations/index.ts';
import type { ApiPorts } from './ports.ts';
import { problemOfError } from './problem-of-error.ts';
import { jsonOf, readBody } from './read-body.ts';
import { refused, RequestRefused } from './refusals.ts';
import { type Route, routesOf } from './route.ts';

/** What answering a request takes. */
export interface HandlePorts extends Omit<ApiPorts, 'openApi'> {
  /** Sends what a change has stored; what cannot be sent now stays stored. */
  readonly dispatch: () => Promise<void>;
  /** Tells of a failure, to whoever runs the app. */
  readonly tell: (text: string) => void;
}

const openApi = () => openApiDocument(operations);

/** Answers a request of the API. Whoever sent it is known before anything else of it is looked at. */
export async function handleRequest(request: ApiRequest, ports: HandlePorts): Promise<ApiAnswer> {
  try {
    const caller = await callerOf(request, ports);
    const { operation, path } = routeOf(request);
    checkRole(operation, caller);
    const precondition = preconditionOf(operation, request.headers);
    const body = await bodyOf(operation, request);
    const query = new URL(request.url).searchParams;
    const sent = { path, query, body, caller, precondition };
    return answerOf(operation, await run(operation, sent, ports), request);
  } catch (error) {
    const problem = problemOfError(error);
    if (problem.status >= 500 && !(error instanceof RequestRefused)) {
      ports.tell(
        `A ${request.method} request of the API failed: ${error instanceof Error ? error.message : 'no error'}`,
      );
    }
    return problemAnswer(problem);
  }
}

async function callerOf({ headers }: ApiRequest, { callerCheck, rateLimit, now }: HandlePorts): Promise<Caller> {
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

function routeOf({ method, url }: ApiRequest): Route {
  const { pathname } = new URL(url);
  const routes = routesOf(pathname, Object.values<Operation>(operations));
  const route = routes.get(method);
  if (route !== undefined) return route;
  if (routes.size === 0) {
    throw refused(
      'not-found',
      'The API has no such path; GET /openapi.json lists those there are. The id of a finding is one segment, with ~ for /.',
    );
  }
  const allowed = [...routes.keys()].join(', ');
  throw refused('method', `This path takes ${allowed}.`, { headers: { Allow: allowed } });
}

function checkRole({ role }: Operation, { roles }: Caller): void {
  const isAllowed = role === 'any' ? appRoles.some((known) => roles.includes(known)) : roles.includes(role);
  if (isAllowed) return;
  const needed = role === 'any' ? `one of the app roles ${appRoles.join(', ')}` : `the app role ${role}`;
  throw refused('role', `This needs ${needed}, which your token does not have: ask whoever assigns roles of the API.`);
}

function preconditionOf({ method, etag }: Operation, headers: Headers): Precondition | null {
  const precondition = ifMatch(headers);
  if (method === 'GET' || precondition === null || etag === 'change') return precondition;
  throw refused('stale', 'If-Match names what is there already; this makes something new. Leave the header out.');
}

async function bodyOf({ body }: Operation, request: ApiRequest): Promise<unknown> {
  const bytes = await readBody(request);
  if (body !== null) return jsonOf(bytes, request.headers);
  if (bytes.byteLength > 0) throw refused('request', 'This takes no body; leave it out.');
  return null;
}

async function run(
  operation: Operation,
  sent: Parameters<Operation['run']>[0],
  ports: HandlePorts,
): Promise<Reply<object>> {
  if (operation.method === 'GET') return operation.run(sent, { ...ports, openApi });
  try {
    return await operation.run(sent, { ...ports, openApi });
  } finally {
    // What failed half way may have stored something too.
    await ports.dispatch();
  }
}

function answerOf({ status, method }: Operation, reply: Reply<object>, { headers }: ApiRequest): ApiAnswer {
  const { document, version } = reply;
  if (version === undefined) return documentAnswer(status, document, reply.headers);
  if (method === 'GET' && isHeld(headers, version)) return notModified(entityTag(version));
  return documentAnswer(status, document, { ETag: entityTag(version), ...reply.headers });
}
