import { z } from 'zod';
import { NoQuery } from '../operations/no-query.ts';
import { operation } from './remediation-operation.ts';

export const getOpenApi = operation({
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
