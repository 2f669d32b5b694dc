import type { StoredJob } from '../audit/ports.ts';
import { heldForPerson } from './held-if-taken-back.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts } from './remediate-ports.ts';

/** Has a job wait for a person that was planned to run by itself; a person may be away for as long as with any other. */
export async function askForApproval(
  stored: StoredJob,
  reason: string,
  { jobs, now }: Pick<RemediatePorts, 'jobs' | 'now'>,
): Promise<Remediated> {
  const moved = await jobs.move({ ...stored, job: heldForPerson(stored.job, now()) }, 'awaiting-approval', null);
  return moved === null ? claimedElsewhere : { state: 'awaiting-approval', reason };
}
