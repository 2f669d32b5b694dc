import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';

export interface ArmRequest {
  readonly method: string;
  readonly url: URL;
  /** Parsed JSON, undefined without a body. */
  readonly body: unknown;
  readonly authorization: string | undefined;
}

export interface ArmAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An HTTP client for the Azure SDKs that answers from memory; `seen` keeps the requests. */
export function armAnswers(answer: (request: ArmRequest) => ArmAnswer): { httpClient: HttpClient; seen: ArmRequest[] } {
  const seen: ArmRequest[] = [];
  const httpClient: HttpClient = {
    sendRequest: (request: PipelineRequest) => {
      const asked: ArmRequest = {
        method: request.method,
        url: new URL(request.url),
        body: typeof request.body === 'string' ? JSON.parse(request.body) : undefined,
        authorization: request.headers.get('Authorization'),
      };
      seen.push(asked);
      const { status = 200, headers, body } = answer(asked);
      return Promise.resolve({
        request,
        status,
        headers: createHttpHeaders({ 'Content-Type': 'application/json', ...headers }),
        bodyAsText: JSON.stringify(body),
      });
    },
  };
  return { httpClient, seen };
}
