import { z } from 'zod';
import { approveJob, type Decided } from '../../../domain/remediation/approval.ts';
import { turnDownJob } from '../../../domain/remediation/turn-down-job.ts';
import { JobDocument } from '../../documents/job-document.ts';
import type { Asked, Reply } from '../operation.ts';
import { NoQuery } from '../operations/no-query.ts';
import { text } from '../query-values.ts';
import type { RemediationApiPorts } from '../remediation-ports.ts';
import { refused, type RequestRefused } from '../refusals.ts';
import { written } from '../written.ts';
import { askedJob, checkJob, jobReply, noSuchJob, deciderOf } from './asked-job.ts';
import { deciders, operation } from './remediation-operation.ts';

const Body = z.strictObject({
  planDigest: text(/^[\da-f]{64}$/u, 'the planDigest of the job as it was shown').meta({
    description: 'planDigest of the job as it was shown: the decision is about that plan and no other.',
  }),
  note: written().max(1000).optional().meta({ description: 'Why; at most 1,000 characters.' }),
});
type Asking = Asked<'job', object, z.output<typeof Body>>;

const described = {
  role: deciders,
  query: NoQuery,
  body: Body,
  status: 200,
  answer: JobDocument,
  etag: 'change',
  problems: ['request', 'not-found', 'refused', 'conflict'],
} as const;

export const approveJobOperation = operation({
  ...described,
  method: 'POST',
  path: '/jobs/{job}/approval',
  summary: 'Approves the plan that was shown, and queues the job; nobody approves what they asked for',
  handle: (asked, ports) => decide(asked, ports, approveJob),
});

export const rejectJobOperation = operation({
  ...described,
  method: 'POST',
  path: '/jobs/{job}/rejection',
  summary:
    'Turns the plan down, or calls the job off that is on its way and is not written yet: it ends, and its finding stays open',
  handle: (asked, ports) => decide(asked, ports, turnDownJob),
});

async function decide(
  { path, body, caller, precondition }: Asking,
  ports: RemediationApiPorts,
  decision: typeof approveJob,
): Promise<Reply<JobDocument>> {
  const view = await askedJob(path.job, ports);
  checkJob(precondition, view);
  const { jobId } = view.stored.job;
  const note = body.note?.trim() ?? '';
  const decided = await decision(
    { jobId, planDigest: body.planDigest, by: deciderOf(caller), note: note === '' ? null : note },
    ports.settings,
    ports,
  );
  const refusal = refusalOf(decided, jobId);
  if (refusal !== null) throw refusal;
  return jobReply(await askedJob(jobId, ports));
}

function refusalOf(decided: Decided, id: string): RequestRefused | null {
  switch (decided.outcome) {
    case 'approved':
    case 'rejected':
    case 'called-off':
      return null;
    case 'unknown-job':
      return noSuchJob(id);
    case 'other-plan':
      return refused('stale', `${decided.why}.`);
    case 'decided-already':
      return refused('conflict', `${decided.why}.`);
    case 'own-request':
    case 'not-waiting':
    case 'expired':
      return refused('refused', `${decided.why}.`);
  }
}
