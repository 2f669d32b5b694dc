import { type ArmClients, createArmClients } from '../../../../infra/azure/arm/arm-client.ts';
import { armTransport } from '../../../../infra/azure/http-transport.ts';
import { staticToken } from '../../../../infra/azure/identity/static-token.ts';
import { emptyCounts } from '../../../../infra/azure/request-counts.ts';
import type { RequestCounts } from '../../../../infra/estate-source.ts';
import { armAnswers, type ArmAnswer, type ArmRequest } from '../arm-answers.ts';

/** The real clients over answers from memory. */
export function armForTest(answer: (request: ArmRequest) => ArmAnswer): {
  arm: ArmClients;
  seen: ArmRequest[];
  counts: RequestCounts;
} {
  const origin = 'https://management.azure.com';
  const counts = emptyCounts();
  const { httpClient: send, seen } = armAnswers(answer);
  const httpClient = armTransport({ origin, counts, send });
  const endpoint = { origin, scope: `${origin}/.default` };
  return { arm: createArmClients({ endpoint, credential: staticToken('t'), httpClient, maxRetries: 1 }), seen, counts };
}

export const refusal = (status: number, code: string): ArmAnswer => ({
  status,
  body: { error: { code, message: 'no' } },
});
