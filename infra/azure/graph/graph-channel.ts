import { Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { SignInRefused } from '../identity/sign-in-refused.ts';
import { ForeignNextLink, ownLink } from '../foreign-link.ts';
import { defaultMaxRetries, type Waiting } from '../waiting.ts';
import { ExactUrl, graphTransport, type GraphTransportOptions } from './graph-transport.ts';
import { retryAfter, retryDelay } from './retry-delay.ts';

export type GraphMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer of Microsoft Graph, whatever its status. `body` is parsed JSON, null where there was none. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What `Retry-After` asks for; null where it is not there. */
  readonly retryAfterMs: number | null;
}

/** Microsoft Graph could not be reached, or broke off. */
export class GraphUnreachable extends Error {
  override readonly name = 'GraphUnreachable';
}

/** Requests to Microsoft Graph on the endpoint's own origin, asked again where the service says "later". */
export interface GraphChannel {
  readonly origin: string;
  /**
   * @param url a path such as `/v1.0/applications`, or a full URL of the endpoint
   * @throws ForeignNextLink, GraphUnreachable, SignInRefused, AbortError, SyntaxError for a body that is no JSON
   */
  send(method: GraphMethod, url: string, body?: unknown): Promise<GraphAnswer>;
}

export interface GraphChannelOptions extends GraphTransportOptions {
  readonly waiting: Waiting;
  /** False for the embedded cloud, which has no such limit. */
  readonly paced: boolean;
}

/** One request a second for all callers of the tenant (domain facts 4, Throttling). */
const conditionalAccessInterval = 1000;

export function createGraphChannel(options: GraphChannelOptions): GraphChannel {
  const { origin } = options.endpoint;
  const { sleep, random, maxRetries = defaultMaxRetries } = options.waiting;
  const client = Client.initWithMiddleware({ baseUrl: origin, middleware: graphTransport(options) });
  let lastConditionalAccess: Promise<unknown> | null = null;

  async function once(method: GraphMethod, url: string, body: unknown): Promise<Response> {
    const exact = new ExactUrl(url);
    const request = client.api(new URL(url).pathname).middlewareOptions([exact]).responseType(ResponseType.RAW);
    try {
      return await call(request, method, body);
    } catch (cause) {
      throw actionable(exact.thrown ?? cause, url);
    }
  }

  /** Conditional Access requests one after the other, a second apart. */
  async function inTurn(method: GraphMethod, url: string, body: unknown): Promise<Response> {
    if (!options.paced || !/^\/(v1\.0|beta)\/identity\/conditionalAccess\//i.test(new URL(url).pathname)) {
      return once(method, url, body);
    }
    const before = lastConditionalAccess;
    const turn = (async () => {
      if (before !== null) {
        await before.catch(() => undefined);
        await sleep(conditionalAccessInterval);
      }
      return once(method, url, body);
    })();
    lastConditionalAccess = turn;
    return turn;
  }

  return {
    origin,
    async send(method, link, body) {
      const url = link.startsWith('/') ? `${origin}${link}` : ownLink(origin, link);
      for (let attempt = 0; ; attempt += 1) {
        let response: Response | null = null;
        try {
          response = await inTurn(method, url, body);
        } catch (error) {
          // What was sent may have been done: only a question is safe to repeat without an answer.
          if (!(error instanceof GraphUnreachable) || method !== 'GET' || attempt >= maxRetries) throw error;
        }
        if (response !== null && !(attempt < maxRetries && isWorthRepeating(method, response.status))) {
          return answerOf(response);
        }
        const headers = response?.headers;
        const wait = retryDelay((name) => headers?.get(name) ?? null, attempt, random);
        if (wait === null && response !== null) return answerOf(response);
        await response?.body?.cancel();
        await sleep(wait ?? 0);
      }
    },
  };
}

function call(request: GraphRequest, method: GraphMethod, body: unknown): Promise<Response> {
  switch (method) {
    case 'GET':
      return request.get() as Promise<Response>;
    case 'POST':
      return request.post(body) as Promise<Response>;
    case 'PATCH':
      return request.patch(body) as Promise<Response>;
    case 'DELETE':
      return request.delete() as Promise<Response>;
  }
}

/** A POST that a server error answered may have been done; 429 and 503 say that it was not. */
function isWorthRepeating(method: GraphMethod, status: number): boolean {
  return status === 429 || status === 503 || (status >= 500 && method !== 'POST');
}

/** The error itself where the caller can act on it. */
function actionable(cause: unknown, url: string): Error {
  if (cause instanceof SignInRefused || cause instanceof ForeignNextLink) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  const { origin } = new URL(url);
  return new GraphUnreachable(`No answer from ${origin}; check the network and the endpoint setting.`, { cause });
}

async function answerOf(response: Response): Promise<GraphAnswer> {
  const retryAfterMs = retryAfter((name) => response.headers.get(name));
  return { status: response.status, body: await bodyOf(response), retryAfterMs };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}
