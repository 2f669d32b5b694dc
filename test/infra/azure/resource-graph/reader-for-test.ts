import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { sdkOptions } from '../../../../infra/azure/arm/arm-client.ts';
import { armTransport } from '../../../../infra/azure/http-transport.ts';
import { staticToken } from '../../../../infra/azure/identity/static-token.ts';
import { emptyCounts } from '../../../../infra/azure/request-counts.ts';
import { createQuotaGate } from '../../../../infra/azure/resource-graph/quota-gate.ts';
import type { RowsReader } from '../../../../infra/azure/resource-graph/read-all-rows.ts';
import type { RequestCounts } from '../../../../infra/estate-source.ts';
import { armAnswers, type ArmAnswer, type ArmRequest } from '../arm-answers.ts';

export interface ReaderForTest {
  readonly reader: RowsReader;
  readonly seen: ArmRequest[];
  readonly counts: RequestCounts;
  readonly slept: number[];
}

export interface AskedQuery {
  readonly query: string;
  readonly subscriptions?: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** The real client over answers from memory. Nothing waits but what the SDK itself waits. */
export function readerForTest(answer: (asked: AskedQuery, request: ArmRequest) => ArmAnswer): ReaderForTest {
  const counts = emptyCounts();
  const slept: number[] = [];
  const origin = 'http://127.0.0.1:7070';
  const { httpClient: send, seen } = armAnswers((request) => answer(request.body as AskedQuery, request));
  const credential = staticToken('secret');
  const httpClient = armTransport({ origin, counts, send });
  const endpoint = { origin, scope: 'https://management.azure.com/.default' };
  const client = new ResourceGraphClient(credential, sdkOptions({ endpoint, credential, httpClient, maxRetries: 2 }));
  const gate = createQuotaGate((milliseconds) => {
    slept.push(milliseconds);
    return Promise.resolve();
  });
  return { reader: { client, gate }, seen, counts, slept };
}

/** One page as Resource Graph sends it. */
export function page(
  rows: readonly unknown[],
  totalRecords: number,
  skipToken?: string,
  resultTruncated = 'false',
): ArmAnswer {
  const more = skipToken === undefined ? {} : { $skipToken: skipToken };
  return { body: { totalRecords, count: rows.length, resultTruncated, data: rows, facets: [], ...more } };
}
