import type { Simulation } from '../simulation.ts';
import { showsExactly, showsWritten } from '../../../domain/remediation/guarded-values.ts';
import type { TenantWrite } from '../tenant/executor.ts';
import { jobOfCall } from './job-rows.ts';

/**
 * Held against each write as it takes effect: it is a call of a stored job whose turn it is, made after a look that showed
 * what the plan was made against, under settings that switch the action on, and not in effect already by the same job.
 */
export function writesOnlyByPlan(simulation: Simulation, { call, looked, found }: TenantWrite): void {
  const { violations, settings, jobWrites, tenant, trace, timeline, written, counts } = simulation;
  const told = `${call.method} ${call.url}`;
  const job = jobOfCall(simulation, call);
  if (job === null) {
    violations.add(`Written outside of any plan: ${told}`);
    return;
  }
  const { action } = job.plan;
  if (trace.isOn) trace.say('tenant', `${action}: ${told}`);
  const mode = settings.remediation[action] ?? 'dry-run';
  if (job.dryRun || mode === 'off' || mode === 'dry-run')
    violations.add(`Written although ${action} is ${job.dryRun ? 'a dry run' : mode}: ${told}`);
  if (looked === undefined || !showsExactly(looked, call.reads.expect))
    violations.add(`Written without a look that showed what the plan rests on: ${told}`);
  const { afterwards } = call.reads;
  const name = `${job.jobId}#${String(job.attempt)}`;
  // Who changed it back in between made it worth writing again.
  const isInEffect = afterwards !== undefined && showsWritten(found, afterwards);
  if (isInEffect && jobWrites.get(name) === tenant.journal.length)
    violations.add(`Written twice by job ${name}: ${told}`);
  jobWrites.set(name, tenant.journal.length + 1);
  written.push({ job, at: timeline.now(), step: tenant.journal.length });
  counts.writes[action] = (counts.writes[action] ?? 0) + 1;
}
