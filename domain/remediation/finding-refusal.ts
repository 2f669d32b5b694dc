import type { FindingStore } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingState } from '../findings/lifecycle.ts';
import { noSubscription } from '../findings/place.ts';
import type { RemediationJob } from './job.ts';
import { subscriptionOf } from './subscription-of.ts';

/** States in which a finding may be mended; what a newer version wrote is none of them. */
const mendable: ReadonlySet<FindingState> = new Set(['open', 'acknowledged', 'remediating'] as const);

/**
 * Why what became of a job's findings since it was planned forbids it; null when nothing does. One that was waived waits for
 * nobody's repair (law 7), whether the job lay in the outbox, on the queue or with an approver at the time; neither does
 * one of which nobody knows whether it is still so.
 */
export async function findingRefusal(
  job: RemediationJob,
  findings: Pick<FindingStore, 'read'>,
): Promise<string | null> {
  const bare = withoutFinding(job);
  if (bare !== null) return bare;
  const stored = await findingsAtJob(job, findings);
  for (const { id, episode } of job.findings) {
    const finding = stored.find((one) => one.id === id);
    if (finding === undefined) return `The finding ${id} is not there any more`;
    if (!mendable.has(finding.state)) return `The finding ${id} is ${finding.state}`;
    if (finding.outcome === 'unknown') return `The finding ${id} is not certain any more: its outcome is unknown`;
    if (finding.episode !== episode) return `The finding ${id} has closed since the job was planned, and opened again`;
  }
  return null;
}

/** A job says itself what it is for: one that names no finding of what it mends would be refused by none. */
function withoutFinding({ rule, accounts, findings }: RemediationJob): string | null {
  if (findings.length === 0) return 'The job names no finding, and nothing is repaired without one';
  if (findings.some(({ id }) => tenantKeyOf(id) !== null)) return null;
  const bare = accounts.find(({ id }) => {
    const about = `${id.toLowerCase().split('/').at(-1) ?? ''}/${rule}`;
    return !findings.some((finding) => finding.id === about || finding.id.startsWith(`${about}/`));
  });
  return bare === undefined ? null : `The job names no finding of ${rule} about ${bare.name}, which its plan mends`;
}

/** The findings of a job as they are stored now, with others at the same places. */
export async function findingsAtJob(
  job: RemediationJob,
  findings: Pick<FindingStore, 'read'>,
): Promise<readonly Finding[]> {
  const ofAccounts = Map.groupBy(
    job.accounts.map(({ id }) => id.toLowerCase()),
    subscriptionOf,
  );
  const ofTenant = job.findings.flatMap(({ id }) => tenantKeyOf(id) ?? []);
  const partitions = ofTenant.length === 0 ? [...ofAccounts] : [...ofAccounts, [noSubscription, ofTenant] as const];
  const read = await Promise.all(partitions.map(([partition, keys]) => findings.read(partition, keys)));
  return read.flat().map(({ finding }) => finding);
}

/** `-/rule/subject` is at `-/subject`; null for a finding about an account. */
export function tenantKeyOf(findingId: string): string | null {
  const [place, , ...subject] = findingId.split('/');
  return place === noSubscription ? `${noSubscription}/${subject.join('/')}` : null;
}
