import { answerRequest, type Handling } from './answer-request.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';
import { remediationOperations } from './remediation-operations/index.ts';
import type { RemediationApiPorts } from './remediation-ports.ts';

/** The remediator's API: jobs, and what people decide on them. */
export const remediationApi = {
  operations: remediationOperations,
  about: {
    title: 'Kerbwatch remediation',
    description:
      'Remediation jobs, what people decide on them, and what stops them. Members may be added; of what was set aside no body is shown.',
    server: { url: '/api/remediation/v1', description: 'Of the remediator app.' },
  },
} as const;

/** Answers a request of the remediator's API. */
export function handleRemediationRequest(
  request: ApiRequest,
  ports: Handling<RemediationApiPorts>,
): Promise<ApiAnswer> {
  return answerRequest<RemediationApiPorts>(remediationApi, request, ports);
}
