import { JobDocument } from '../../documents/job-document.ts';
import { NoQuery } from '../operations/no-query.ts';
import { askedJob, jobReply } from './asked-job.ts';
import { operation, readers } from './remediation-operation.ts';

export const getJob = operation({
  method: 'GET',
  path: '/jobs/{job}',
  role: readers,
  summary: 'One job: its plan, what it does, what it rests on, and how far it is',
  query: NoQuery,
  body: null,
  status: 200,
  answer: JobDocument,
  etag: 'read',
  problems: ['request', 'not-found'],
  async handle({ path }, ports) {
    return jobReply(await askedJob(path.job, ports));
  },
});
