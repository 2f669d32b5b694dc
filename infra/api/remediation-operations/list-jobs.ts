import { z } from 'zod';
import type { StoredJob } from '../../../domain/audit/ports.ts';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import { namedDocuments } from '../../documents/common.ts';
import { jobStates, JobSummaryDocument, jobSummaryDocument } from '../../documents/job-document.ts';
import type { Reply } from '../operation.ts';
import { countTo, saidOfWord, words } from '../query-values.ts';
import { operation, readers } from './remediation-operation.ts';

const actions = Object.keys(actionRisks);

const Query = z.strictObject({
  state: words([...jobStates, 'all'])
    .optional()
    .meta({ description: `${jobStates.join(', ')} (comma list), or all; those that are not over where left out.` }),
  action: z
    .string()
    .refine((name) => actions.includes(name), { error: ({ input }) => saidOfWord(input, actions) })
    .optional()
    .meta({ description: 'Name of an action.' }),
  limit: countTo(500, 100).meta({ description: 'Jobs, at most.' }),
});

export const JobsAnswer = z
  .object({
    schema: z.literal('kerbwatch.jobs/v1'),
    total: z.int().meta({ description: 'Jobs there are, whatever their state.' }),
    fitting: z.int().meta({ description: 'Those that were asked for; more than are listed where there are too many.' }),
    jobs: z.array(JobSummaryDocument).readonly(),
  })
  .register(namedDocuments, { id: 'Jobs' });
type Answer = z.infer<typeof JobsAnswer>;

const underWay: readonly string[] = ['awaiting-approval', 'queued', 'running'];

export const listJobs = operation({
  method: 'GET',
  path: '/jobs',
  role: readers,
  summary: 'Lists remediation jobs, the youngest first',
  query: Query,
  body: null,
  status: 200,
  answer: JobsAnswer,
  etag: null,
  problems: ['request'],
  async handle({ query: { state, action, limit } }, { jobs }): Promise<Reply<Answer>> {
    let total = 0;
    const fitting: StoredJob[] = [];
    for await (const stored of jobs.list()) {
      total += 1;
      const isAsked = state?.includes('all') === true || (state ?? underWay).some((each) => each === stored.state);
      if (isAsked && (action === undefined || stored.job.plan.action === action)) fitting.push(stored);
    }
    const listed = fitting.sort((a, b) => b.job.createdAt - a.job.createdAt).slice(0, limit);
    return {
      document: {
        schema: 'kerbwatch.jobs/v1',
        total,
        fitting: fitting.length,
        jobs: listed.map(jobSummaryDocument),
      },
    };
  },
});
