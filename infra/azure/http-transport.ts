import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { RequestCounts } from '../estate-source.ts';
import { ownLink } from './foreign-link.ts';
import { countThrottled } from './request-counts.ts';

/** An answer given in place of the service's. */
export interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Returns the fault for a request, null to let it through. For tests of what the program does when Azure is unwell. */
export type FaultHook = (request: { readonly method: string; readonly url: string }) => Fault | null;

export interface ArmTransportOptions {
  /** The endpoint's origin; requests go there and nowhere else. */
  readonly origin: string;
  readonly counts: RequestCounts;
  readonly fault?: FaultHook | undefined;
  /** What sends; the SDK's own client where absent. */
  readonly send?: HttpClient | undefined;
}

/**
 * The HTTP client that ARM and Resource Graph clients are given. It sits below the bearer policy, which refuses plain
 * http: the SDK is told `https`, and a loopback http endpoint is put in here (`sdkEndpoint`).
 */
export function armTransport({ origin, counts, fault, send }: ArmTransportOptions): HttpClient {
  const client = send ?? createDefaultHttpClient();
  const plain = origin.startsWith('http:');

  async function answer(request: PipelineRequest): Promise<PipelineResponse> {
    const injected = fault?.({ method: request.method, url: request.url }) ?? null;
    if (injected === null) return client.sendRequest(request);
    const { status, headers, body } = injected;
    return { request, status, headers: createHttpHeaders({ ...headers }), bodyAsText: body ?? '' };
  }

  return {
    async sendRequest(request) {
      if (plain) {
        const url = new URL(request.url);
        url.protocol = 'http:';
        request.url = url.href;
        request.allowInsecureConnection = true;
      }
      ownLink(origin, request.url);
      counts[kindOf(request.url)] += 1;
      const response = await answer(request);
      countThrottled(counts, response.status);
      const location = response.headers.get('Location');
      if (location !== undefined && response.status >= 300 && response.status < 400) {
        ownLink(origin, location, request.url);
      }
      sayRetryAfter(response);
      return response;
    },
  };
}

/** The origin as the Azure SDKs accept it. */
export function sdkEndpoint(origin: string): string {
  return origin.replace(/^http:/, 'https:');
}

function kindOf(url: string): 'resourceGraph' | 'arm' {
  return /^\/providers\/Microsoft\.ResourceGraph\//i.test(new URL(url).pathname) ? 'resourceGraph' : 'arm';
}

/** Resource Graph may say in its own header alone when to come back; the pipeline's retry reads another one. */
function sayRetryAfter(response: PipelineResponse): void {
  if (response.status !== 429 || response.headers.has('Retry-After')) return;
  const wait = quotaResetMilliseconds(response.headers.get('x-ms-user-quota-resets-after'));
  if (wait !== null) response.headers.set('retry-after-ms', wait);
}

/** `hh:mm:ss` in milliseconds, null for anything else. */
export function quotaResetMilliseconds(text: string | undefined): number | null {
  const match = /^(\d+):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(text ?? '');
  if (match === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
