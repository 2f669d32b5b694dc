import type { TokenCredential } from '@azure/core-auth';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import type { RequestCounts } from '../../estate-source.ts';
import type { Endpoint } from '../endpoints.ts';
import { ownLink } from '../foreign-link.ts';
import type { FaultHook } from '../http-transport.ts';
import { SignInRefused } from '../identity/sign-in-refused.ts';
import { countThrottled } from '../request-counts.ts';

export interface GraphTransportOptions {
  readonly endpoint: Endpoint;
  readonly credential: TokenCredential;
  readonly counts: RequestCounts;
  readonly fault?: FaultHook | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The URL to ask, to the letter. The client takes URLs apart and puts them together again in another order. */
export class ExactUrl {
  readonly url: string;
  /** What sending threw: the client hides it inside an error of its own. */
  thrown: unknown = null;

  constructor(url: string) {
    this.url = url;
  }
}

/**
 * The Graph client's whole chain in one: signs, counts, sends. The client's own authentication handler signs only
 * `https`, and its retry handler rolls its own dice.
 */
export function graphTransport(options: GraphTransportOptions): Middleware {
  return {
    async execute(context: Context) {
      const exact = context.middlewareControl?.getMiddlewareOptions(ExactUrl);
      if (!(exact instanceof ExactUrl)) throw new TypeError('Requests to Microsoft Graph go through GraphChannel.');
      try {
        context.response = await send(options, exact.url, context.options ?? {});
      } catch (error) {
        exact.thrown = error;
        throw error;
      }
    },
  };
}

async function send(
  { endpoint, credential, counts, fault, signal }: GraphTransportOptions,
  url: string,
  fetchOptions: NonNullable<Context['options']>,
): Promise<Response> {
  ownLink(endpoint.origin, url);
  const token = await credential.getToken([endpoint.scope], signal === undefined ? {} : { abortSignal: signal });
  if (token === null) throw new SignInRefused('Microsoft Graph', 'no token was issued.');
  const method = fetchOptions.method ?? 'GET';
  const headers = new Headers(fetchOptions.headers);
  headers.set('Authorization', `Bearer ${token.token}`);
  counts.graph += 1;
  const injected = fault?.({ method, url }) ?? null;
  const response =
    injected === null
      ? await fetch(url, {
          method,
          headers,
          body: fetchOptions.body ?? null,
          redirect: 'manual',
          signal: signal ?? null,
        })
      : new Response(injected.body ?? null, { status: injected.status, headers: { ...injected.headers } });
  countThrottled(counts, response.status);
  const location = response.headers.get('Location');
  if (location !== null && response.status >= 300 && response.status < 400) ownLink(endpoint.origin, location, url);
  return response;
}
