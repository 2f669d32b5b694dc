import type { Finding, Transition } from '../findings/finding.ts';
import { findingsAtJob } from '../remediation/finding-refusal.ts';
import { changeFinding } from './change-finding.ts';
import type { FindingStore, JobStore } from './ports.ts';
import { isOnItsWay, isRepairOver, readJob } from './repair-jobs.ts';

export interface MarkRepairingPorts {
  readonly jobs: Pick<JobStore, 'find'>;
  readonly findings: FindingStore;
  readonly now: () => number;
}

/**
 * Puts the open findings of a job that was planned apart from them into repair, as a finding's own job does with its
 * transition. Nothing happens where the job waits for a person, is a dry run, or has ended by now; what a person has
 * acknowledged stays so. Doing it again changes nothing.
 */
export async function markRepairing(jobId: string, ports: MarkRepairingPorts): Promise<readonly Transition[]> {
  const now = ports.now();
  const stored = await readJob(jobId, ports.jobs);
  if (stored === null || stored === 'unreadable' || !isOnItsWay(stored, now)) return [];
  const { job, state } = stored;
  if (job.dryRun || job.approvalRequired || state === 'awaiting-approval') return [];
  const episodes = new Map(job.findings.map(({ id, episode }) => [id, episode]));
  const repair = { jobId, expiresAt: job.expiresAt, attempt: job.attempt };
  const cause = { kind: 'sweep', id: jobId, actor: { kind: 'system', objectId: null } } as const;
  const transitions: Transition[] = [];
  for (const about of await findingsAtJob(job, ports.findings)) {
    if (!episodes.has(about.id)) continue;
    // A later attempt was made by whoever found the former over, maybe by a clock that is ahead.
    const isLater = about.repair !== null && job.attempt > about.repair.attempt;
    if (about.state === 'remediating' && !isLater && !(await isRepairOver(about, ports.jobs, now))) continue;
    const former = about.repair?.jobId;
    const isMeant = (finding: Finding): boolean =>
      episodes.get(finding.id) === finding.episode && finding.repair?.jobId === former;
    const decide = (finding: Finding) => (isMeant(finding) ? ({ kind: 'repair-queued', repair } as const) : null);
    const { transition } = await changeFinding(about, decide, { now, cause }, ports.findings);
    if (transition !== null) transitions.push(transition);
  }
  return transitions;
}
