import { z } from 'zod';
import { namedDocuments } from '../../documents/common.ts';
import { RunDocument, runDocument } from '../../documents/run-document.ts';
import { operation, type Reply } from '../operation.ts';
import { countTo } from '../query-values.ts';

const Answer = z
  .object({ schema: z.literal('kerbwatch.runs/v1'), runs: z.array(RunDocument).readonly() })
  .register(namedDocuments, { id: 'Runs' });
type Answer = z.infer<typeof Answer>;

export const listRuns = operation({
  method: 'GET',
  path: '/runs',
  role: 'Findings.Read',
  summary: 'Nightly audits, newest first',
  query: z.strictObject({ last: countTo(100, 10).meta({ description: 'How many.' }) }),
  body: null,
  status: 200,
  answer: Answer,
  etag: null,
  problems: ['request'],
  async handle({ query: { last } }, { runs }): Promise<Reply<Answer>> {
    return { document: { schema: 'kerbwatch.runs/v1', runs: (await runs.latest(last)).map(runDocument) } };
  },
});
