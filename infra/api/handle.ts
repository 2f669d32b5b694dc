import { answerRequest, type Handling } from './answer-request.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';
import { operations } from './operations/index.ts';
import type { ApiPorts } from './ports.ts';

/** What answering a request takes. */
export type HandlePorts = Handling<ApiPorts>;

/** The auditor's API: findings, and what people say about them. */
export const auditorApi = {
  operations,
  about: {
    title: 'Kerbwatch',
    description:
      'Findings about Azure file shares that use Microsoft Entra Kerberos, and what people say about them. Members may be added.',
    server: { url: '/api/v1', description: 'Of the auditor app.' },
  },
} as const;

/** Answers a request of the auditor's API. */
export function handleRequest(request: ApiRequest, ports: HandlePorts): Promise<ApiAnswer> {
  return answerRequest<ApiPorts>(auditorApi, request, ports);
}
