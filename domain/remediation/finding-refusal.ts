import type { FindingStore } from '../audit/ports.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingState } from '../findings/lifecycle.ts';
import type { RemediationJob } from './job.ts';

/** States in which a finding may be mended; what a newer version wrote is none of them. */
const mendable: ReadonlySet<FindingState> = new Set(['open', 'acknowledged', 'remediating'] as const);

/**
 * Why what became of a job's findings since it was planned forbids it; null when nothing does. One that was waived waits for
 * nobody's repair (law 7), whether the job lay in the outbox, on the queue or with an approver at the time.
 */
export async function findingRefusal(
  job: RemediationJob,
  findings: Pick<FindingStore, 'read'>,
): Promise<string | null> {
  const stored = await findingsOf(job, findings);
  for (const { id, episode } of job.findings) {
    const finding = stored.find((one) => one.id === id && one.rule === job.rule);
    if (finding === undefined) return `The finding ${id} is not there any more`;
    if (!mendable.has(finding.state)) return `The finding ${id} is ${finding.state}`;
    if (finding.episode !== episode) return `The finding ${id} has closed since the job was planned, and opened again`;
  }
  return null;
}

async function findingsOf(
  { accounts }: RemediationJob,
  findings: Pick<FindingStore, 'read'>,
): Promise<readonly Finding[]> {
  const keys = Map.groupBy(
    accounts.map(({ id }) => id.toLowerCase()),
    (key) => /^\/subscriptions\/([^/]+)\//.exec(key)?.[1] ?? '',
  );
  const read = await Promise.all([...keys].map(([subscriptionId, own]) => findings.read(subscriptionId, own)));
  return read.flat().map(({ finding }) => finding);
}
