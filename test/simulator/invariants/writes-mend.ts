import type { RemediationJob } from '../../../domain/remediation/job.ts';
import type { Simulation } from '../simulation.ts';
import type { TenantWrite } from '../tenant/executor.ts';
import { jobOfCall } from './job-rows.ts';
import { instant } from './stored.ts';

/** Longer than what lies between the last look at a finding, or at the facts, and the write: some slow calls, and clocks apart. */
const lastInstant = 10 * 60_000;

/**
 * Held against each write as it takes effect, but for one that takes a repair back: each finding that it is to mend is as
 * bad as ever in truth, and nobody has waived it and nothing closed it.
 */
export function writesMend(simulation: Simulation, { call }: TenantWrite): void {
  const job = jobOfCall(simulation, call);
  if (job === null || job.undoOf !== undefined) return;
  const { truth, timeline, witness, violations } = simulation;
  const now = timeline.now();
  const told = `${job.plan.action}, ${call.method} ${call.url}`;
  for (const { id, episode } of job.findings) {
    for (const key of placesOf(id, job)) {
      if (!truth.was(true, key, job.rule, now - lastInstant, now))
        violations.add(`Written although there is nothing to mend: ${job.rule} of ${key}, ${told}`);
      const last = witness.transitions.findLast(
        ({ transition }) => transition.key === key && transition.rule === job.rule,
      );
      if (last === undefined || now - last.at <= lastInstant) continue;
      const { state } = last.transition.after;
      if (state === 'waived' || state === 'resolved' || state === 'gone')
        violations.add(`Written for ${id}, which is ${state} since ${instant(last.at)}: ${told}`);
      else if (last.transition.episode !== episode)
        violations.add(`Written for ${id} as it was before it closed and opened again: ${told}`);
    }
  }
}

/** Keys of the places that the finding may have. */
function placesOf(findingId: string, { accounts }: RemediationJob): readonly string[] {
  const [place, , ...subject] = findingId.split('/');
  if (place === '-') return [`-/${subject.join('/')}`];
  return accounts.filter(({ name }) => name === place).map(({ id }) => id.toLowerCase());
}
