import { isDeepStrictEqual } from 'node:util';
import { actionRisks } from '../../domain/remediation/actions.ts';
import type { RemediationJob } from '../../domain/remediation/job.ts';
import { jobEvent, type JobEvent, parseJobEvent } from './job.ts';
import { MessageMalformed } from './malformed.ts';

const where = 'remediation job';

/**
 * A job's message as this app takes it: of this version, for this tenant, with an action that it knows.
 * @param body parsed JSON, text or bytes. @throws MessageMalformed
 */
export function readJob(body: unknown, tenantId: string): JobEvent {
  const event = parseJobEvent(body);
  const { data } = event;
  if (data.tenantId.toLowerCase() !== tenantId.toLowerCase()) {
    throw new MessageMalformed(where, ['data.tenantId: of another tenant than the one that this app serves']);
  }
  if (!Object.hasOwn(actionRisks, data.action)) {
    throw new MessageMalformed(where, ['data.action: not an action of this version']);
  }
  return event;
}

/**
 * Refuses a message that does not say what its job says as it is stored: somebody made it, or changed it. Nothing in it would
 * be carried out anyway; that it is there at all, a person has to know. When it is due the broker says, and who approved
 * it the table `approvals`, so neither is compared.
 * @throws MessageMalformed naming the members that differ
 */
export function asStored({ id, data }: JobEvent, job: RemediationJob): void {
  if (data.attempt !== job.attempt) {
    const attempts = `of attempt ${String(data.attempt)}, and the job is in attempt ${String(job.attempt)}`;
    throw new MessageMalformed(where, [`data.attempt: ${attempts}`]);
  }
  const stored = jobEvent(job, id, job.approvalRequired ? { by: '-', at: 0 } : null).data;
  // It was sent before whoever carries jobs out had it wait for a person, who has longer.
  const isOfBefore = job.approvalRequired && Date.parse(data.expiresAt) < job.expiresAt;
  const differs = compared.filter(
    (member) =>
      !isDeepStrictEqual(plain(data[member]), plain(stored[member])) && !(member === 'expiresAt' && isOfBefore),
  );
  if (differs.length === 0) return;
  throw new MessageMalformed(
    where,
    differs.map(
      (member) => `data.${member}: not as the job is stored in table jobs; find out who may send to the queue`,
    ),
  );
}

const compared = [
  'findingIds',
  'rule',
  'action',
  'tenantId',
  'target',
  'accounts',
  'plan',
  'risk',
  'dryRun',
  'expiresAt',
] as const satisfies readonly (keyof JobEvent['data'])[];

/** As it goes over the wire, where a member that is undefined is none. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
