import type { Handling } from '../../infra/api/answer-request.ts';
import { handleRemediationRequest } from '../../infra/api/handle-remediation.ts';
import type { RemediationApiPorts } from '../../infra/api/remediation-ports.ts';
import type { ApiClient } from '../api/api-client.ts';
import { problemText } from '../api/problem-text.ts';
import { UsageError } from '../exit-code.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';

/** The remediator's API in this process, over the given ports: the same checks and the same answers, and no server. */
export function localClient(ports: Handling<RemediationApiPorts>): ApiClient {
  return {
    async send(method, path, body) {
      const request = new Request(`http://127.0.0.1/remediation/v1${path}`, {
        method,
        headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await handleRemediationRequest(request, ports);
      const document: unknown = JSON.parse(answer.body);
      if (answer.status < 400) return document;
      const { status, headers } = answer;
      throw new UsageError(pipelineSafe(problemText({ status, headers: new Headers(headers) }, document)));
    },
  };
}
