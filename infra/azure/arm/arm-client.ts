import { StorageManagementClient } from '@azure/arm-storage';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  RestError,
} from '@azure/core-rest-pipeline';
import type { Endpoint } from '../endpoints.ts';
import { retryAfter } from '../graph/retry-delay.ts';
import { sdkEndpoint } from '../http-transport.ts';

export interface ArmOptions {
  readonly endpoint: Endpoint;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly maxRetries: number;
  readonly signal?: AbortSignal | undefined;
}

/** Options that every Azure SDK client of this endpoint is made with. */
export function sdkOptions({ endpoint, httpClient, maxRetries }: ArmOptions) {
  return {
    endpoint: sdkEndpoint(endpoint.origin),
    credentials: { scopes: [endpoint.scope] },
    httpClient,
    retryOptions: { maxRetries },
  };
}

export interface ArmClients {
  storage(subscriptionId: string): StorageManagementClient;
  /**
   * GETs a path or link of the endpoint for which there is no SDK client among our packages.
   *
   * @returns the parsed body
   * @throws RestError for every answer that is no 200
   */
  get(pathOrLink: string): Promise<unknown>;
  /**
   * Sends one request to a path of the endpoint, and gives the answer whatever its status.
   *
   * @throws RestError where no answer came, SyntaxError for a body that is no JSON
   */
  send(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<ArmAnswer>;
  readonly signal: AbortSignal | undefined;
}

/** `body` is parsed JSON, null where there was none. */
export interface ArmAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What `Retry-After` asks for; null where it is not there. */
  readonly retryAfterMs: number | null;
}

export function createArmClients(options: ArmOptions): ArmClients {
  const { endpoint, credential, httpClient, maxRetries, signal } = options;
  const storage = new Map<string, StorageManagementClient>();
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: endpoint.scope }));
  const abort = signal === undefined ? {} : { abortSignal: signal };
  return {
    signal,
    async send(method, path, body) {
      const url = sdkEndpoint(new URL(path, endpoint.origin).href);
      const headers = createHttpHeaders(body === undefined ? {} : { 'Content-Type': 'application/json' });
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const request = createPipelineRequest({ url, method, headers, ...sent, ...abort });
      const response = await pipeline.sendRequest(httpClient, request);
      const text = response.bodyAsText ?? '';
      return {
        status: response.status,
        body: text === '' ? null : (JSON.parse(text) as unknown),
        retryAfterMs: retryAfter((name) => response.headers.get(name) ?? null),
      };
    },
    storage(subscriptionId) {
      const made =
        storage.get(subscriptionId) ?? new StorageManagementClient(credential, subscriptionId, sdkOptions(options));
      storage.set(subscriptionId, made);
      return made;
    },
    async get(pathOrLink) {
      const url = sdkEndpoint(new URL(pathOrLink, endpoint.origin).href);
      const request = createPipelineRequest({ url, ...abort });
      const response = await pipeline.sendRequest(httpClient, request);
      if (response.status === 200) return JSON.parse(response.bodyAsText ?? '') as unknown;
      const message = `${pathOrLink} answered ${response.status}.`;
      throw new RestError(message, { statusCode: response.status, request, response });
    },
  };
}
