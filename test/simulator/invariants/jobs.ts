import type { Simulation } from '../simulation.ts';
import { jobRows } from './job-rows.ts';
import { storedFindings } from './stored.ts';

const closed: ReadonlySet<string> = new Set(['resolved', 'gone', 'waived']);

/** Nothing that a job waits for takes longer, but quiet hours. */
const longestPause = 2 * 3_600_000;

/** Each job is at most once in effect, and none is left half done or forgotten, or waits for a person in vain. */
export function jobs(simulation: Simulation): void {
  const { tenant, timeline, violations, counts, settings, hasIdleConsumer } = simulation;
  const quietMinutes = settings.brakes.quietHours.map(({ from, to }) => (to - from + 24 * 60) % (24 * 60));
  const longest = longestPause + Math.max(0, ...quietMinutes) * 60_000;
  for (const name of tenant.doubleGrants) {
    violations.add(`The remediator gave consent to the app of ${name} twice`);
  }
  const findings = [...storedFindings(simulation).values()];
  const struck = [...simulation.struckLast.values()].join();
  for (const { job, state, writtenAt } of jobRows(simulation)) {
    const about = findings.filter(({ id }) => job.findings.some((one) => one.id === id));
    const isOver = about.some(
      (finding) => closed.has(finding.state) && timeline.now() > finding.changedAt + longestPause,
    );
    // What takes a repair back is about what that one closed.
    const isRepair = job.undoOf === undefined;
    if (isRepair && state === 'awaiting-approval' && about.length === job.findings.length && isOver)
      violations.add(`Job ${job.jobId} waits for an approval, and what it was to mend is closed`);
    if (state === 'done') counts.repairs += 1;
    // Whoever took its message did nothing; it expires.
    if (state === 'queued' && hasIdleConsumer) continue;
    // Its message lies with the dead letters, for a person to send again.
    if (struck.includes(job.jobId)) continue;
    if ((state === 'running' || state === 'queued') && timeline.now() > writtenAt + longest)
      violations.add(`Job ${job.jobId} is still ${state}`);
  }
}
