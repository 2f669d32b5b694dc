import { requeueJob } from '../../../domain/remediation/requeue-job.ts';
import { JobDocument } from '../../documents/job-document.ts';
import { NoQuery } from '../operations/no-query.ts';
import { askedJob, checkJob, jobReply, callerOf } from './asked-job.ts';
import { deciders, operation } from './remediation-operation.ts';

export const requeueJobOperation = operation({
  method: 'POST',
  path: '/jobs/{job}/requeue',
  role: deciders,
  summary: 'Tries a job again that failed, was refused or has expired: a new attempt, which is a job of its own',
  query: NoQuery,
  body: null,
  status: 200,
  answer: JobDocument,
  etag: 'change',
  problems: ['request', 'not-found', 'refused', 'conflict'],
  async handle({ path, caller, precondition }, ports) {
    const view = await askedJob(path.job, ports);
    checkJob(precondition, view);
    const { job } = await requeueJob(view.stored, callerOf(caller), ports.settings, ports);
    return jobReply(await askedJob(job.jobId, ports));
  },
});
