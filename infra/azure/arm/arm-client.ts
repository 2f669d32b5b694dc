import { StorageManagementClient } from '@azure/arm-storage';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  RestError,
} from '@azure/core-rest-pipeline';
import type { Endpoint } from '../endpoints.ts';
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
  readonly signal: AbortSignal | undefined;
}

export function createArmClients(options: ArmOptions): ArmClients {
  const { endpoint, credential, httpClient, maxRetries, signal } = options;
  const storage = new Map<string, StorageManagementClient>();
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: endpoint.scope }));
  return {
    signal,
    storage(subscriptionId) {
      const made =
        storage.get(subscriptionId) ?? new StorageManagementClient(credential, subscriptionId, sdkOptions(options));
      storage.set(subscriptionId, made);
      return made;
    },
    async get(pathOrLink) {
      const url = sdkEndpoint(new URL(pathOrLink, endpoint.origin).href);
      const abort = signal === undefined ? {} : { abortSignal: signal };
      const request = createPipelineRequest({ url, ...abort });
      const response = await pipeline.sendRequest(httpClient, request);
      if (response.status === 200) return JSON.parse(response.bodyAsText ?? '') as unknown;
      const message = `${pathOrLink} answered ${response.status}.`;
      throw new RestError(message, { statusCode: response.status, request, response });
    },
  };
}
