import { z } from 'zod';
import { operationOver } from '../operation.ts';
import type { ApiPorts } from '../ports.ts';
import { NoQuery } from './no-query.ts';

/** Of either API: each hands in its own document. */
export const getOpenApi = operationOver<Pick<ApiPorts, 'openApi'>>()({
  method: 'GET',
  path: '/openapi.json',
  role: 'any',
  summary: 'This document',
  query: NoQuery,
  body: null,
  status: 200,
  answer: z.looseObject({ openapi: z.string() }),
  etag: null,
  problems: ['request'],
  handle: (_asked, { openApi }) => Promise.resolve({ document: openApi() }),
});
