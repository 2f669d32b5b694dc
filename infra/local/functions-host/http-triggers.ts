import type { IncomingMessage } from 'node:http';
import { problem, type HttpAnswer } from './http-exchange.ts';
import { parseRoute } from './http-route.ts';
import type { Invoker } from './invoker.ts';
import type { RegisteredFunction, TriggerOf } from './registered-function.ts';
import type { RpcHttpRequest, RpcHttpResponse, RpcTypedData } from './worker-protocol.ts';

/** Answers a request below the route prefix; undefined when no function has that route and method. */
export type HttpTriggers = (request: IncomingMessage, url: URL, body: Buffer) => Promise<HttpAnswer | undefined>;

/** @throws UnsupportedBindingError for a route this host cannot read */
export function createHttpTriggers(
  functions: readonly RegisteredFunction<TriggerOf<'http'>>[],
  routePrefix: string,
  invoker: Invoker,
): HttpTriggers {
  const routes = functions
    .map((target) => ({ target, route: parseRoute(target.name, `${routePrefix}/${target.trigger.route}`) }))
    .sort((left, right) => right.route.precedence - left.route.precedence);

  return async (request, url, body) => {
    const method = request.method ?? 'GET';
    for (const { target, route } of routes) {
      const params = route.match(url.pathname);
      if (params === undefined || !target.trigger.methods.includes(method)) continue;
      try {
        const { returnValue } = await invoker.invoke(target, { http: rpcRequest(request, method, url, params, body) });
        return answerOf(returnValue);
      } catch {
        // The failure is in the log and among the invocations; like the platform, its text stays out of the response.
        return problem('internal', `Function "${target.name}" failed.`);
      }
    }
    return undefined;
  };
}

function rpcRequest(
  request: IncomingMessage,
  method: string,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
): RpcHttpRequest {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return {
    method,
    url: url.href,
    headers: Object.fromEntries(headers),
    query: Object.fromEntries(url.searchParams),
    params,
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function answerOf(returnValue: RpcTypedData | null | undefined): HttpAnswer {
  // A handler that returns nothing answers 204, as on the platform.
  if (returnValue?.http === undefined) return { status: 204 };
  const { statusCode, headers, body } = returnValue.http as RpcHttpResponse;
  const bytes = body?.bytes;
  return {
    status: Number(statusCode ?? 200),
    ...(headers !== undefined && { headers }),
    ...(bytes !== undefined && bytes.length > 0 && { body: bytes }),
  };
}
