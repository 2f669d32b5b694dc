import { z } from 'zod';
import { viewMetrics } from '../../../domain/remediation/job-view.ts';
import { namedDocuments } from '../../documents/common.ts';
import { NoQuery } from '../operations/no-query.ts';
import { operation, readers } from './remediation-operation.ts';

const count = z.int();

export const JobMetricsAnswer = z
  .object({
    schema: z.literal('kerbwatch.job-metrics/v1'),
    actions: z
      .array(
        z.object({
          action: z.string(),
          planned: count,
          approved: count,
          waiting: count,
          done: count,
          verified: count.meta({ description: 'Done, and its findings were found mended after.' }),
          undone: count,
          failed: count,
          refused: count,
          dryRun: count,
          withdrawn: count,
          reasons: z
            .array(z.object({ reason: z.string(), jobs: count }))
            .readonly()
            .meta({ description: 'Why jobs failed or were refused, the most frequent first.' }),
          timeToRepairMs: z
            .object({ p50: z.number(), p95: z.number(), longest: z.number() })
            .nullable()
            .meta({ description: 'From the opening of a finding to its end, of those that are verified.' }),
        }),
      )
      .readonly(),
  })
  .register(namedDocuments, { id: 'JobMetrics' });

export const getMetrics = operation({
  method: 'GET',
  path: '/metrics',
  role: readers,
  summary: 'What became of the jobs, by action',
  query: NoQuery,
  body: null,
  status: 200,
  answer: JobMetricsAnswer,
  etag: null,
  problems: ['request'],
  async handle(_asked, ports) {
    return { document: { schema: 'kerbwatch.job-metrics/v1' as const, actions: await viewMetrics(ports) } };
  },
});
