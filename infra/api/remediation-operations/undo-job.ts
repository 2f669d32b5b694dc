import { undoJob } from '../../../domain/remediation/undo-job.ts';
import { JobDocument } from '../../documents/job-document.ts';
import { NoQuery } from '../operations/no-query.ts';
import { askedJob, checkJob, jobReply, deciderOf } from './asked-job.ts';
import { deciders, operation } from './remediation-operation.ts';

export const undoJobOperation = operation({
  method: 'POST',
  path: '/jobs/{job}/undo',
  role: deciders,
  summary: 'Asks for what a job did to be taken back: a job of its own, which another person may have to approve',
  query: NoQuery,
  body: null,
  status: 200,
  answer: JobDocument,
  etag: 'change',
  problems: ['request', 'not-found', 'refused', 'conflict'],
  async handle({ path, caller, precondition }, ports) {
    const view = await askedJob(path.job, ports);
    checkJob(precondition, view);
    const { job } = await undoJob(view.stored.job.jobId, deciderOf(caller), ports);
    return jobReply(await askedJob(job.jobId, ports));
  },
});
