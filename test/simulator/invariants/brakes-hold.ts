import { isQuiet } from './quiet.ts';
import type { Simulation } from '../simulation.ts';
import { longestSkew } from '../weather.ts';
import type { TenantWrite } from '../tenant/executor.ts';
import { jobOfCall, jobRows } from './job-rows.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Longer than what lies between the look at the brakes and the write: some slow calls, and clocks apart. */
const lastInstant = 10 * minute;
/** Within that time whoever ended a job has told the brakes, whatever crashed meanwhile. */
const toldWithin = 3 * hour;

/**
 * Held against each write as it takes effect: whoever writes has asked the brakes since it wrote before, and none of them
 * was on; and by what happened, not by what the brakes say, it is not too much for an hour, not in quiet hours, and not of
 * an action that failed too often.
 */
export function brakesHold(simulation: Simulation, { call, brakes }: TenantWrite): void {
  const { violations, settings, timeline, written } = simulation;
  const job = jobOfCall(simulation, call);
  if (job === null) return;
  const { action } = job.plan;
  const isUndo = job.undoOf !== undefined;
  const now = timeline.now();
  const { killSwitch, quietHours, writesPerHour, writesPerHourPerAction, stopAfterFailures } = settings.brakes;
  const complain = (why: string): unknown => violations.add(`${why}: ${action}, ${call.method} ${call.url}`);

  if (killSwitch) complain('Written although settings switch all writes off');
  if (brakes === null) complain('Written without a look at the brakes');
  if (brakes?.killSwitch?.on === true) complain('Written after a look that showed the kill switch on');
  if (brakes?.actions[action]?.stopped && !isUndo) complain('Written after a look that showed the action stopped');
  if (!isUndo && [now - lastInstant, now, now + lastInstant].every((time) => isQuiet(quietHours, time)))
    complain('Written in quiet hours');
  // A job that writes again what somebody took away while its answer was lost counts once, as one that is tried again.
  const lately = new Map(
    written
      .filter((one) => one.at > now - hour + lastInstant && one.job.jobId !== job.jobId)
      .map((one) => [one.job.jobId, one.job.plan.action]),
  );
  const own = [...lately.values()].filter((one) => one === action);
  if (own.length >= writesPerHourPerAction) complain(`Write ${String(own.length + 1)} of the action within an hour`);
  if (lately.size >= writesPerHour) complain(`Write ${String(lately.size + 1)} within an hour`);
  const failed = failuresInARow(simulation, action);
  if (!isUndo && failed >= stopAfterFailures) complain(`Written after ${String(failed)} failures in a row`);
}

/** Of those that everybody must know of. */
function failuresInARow(simulation: Simulation, action: string): number {
  const { releasedAt, timeline } = simulation;
  const ended = jobRows(simulation).filter(({ job }) => job.plan.action === action);
  const since = ended.flatMap(({ state, endedAt }) =>
    (state === 'done' || state === 'undone') && endedAt !== null ? [endedAt + lastInstant] : [],
  );
  // A job ends by the clock of whoever ends it.
  const released = (releasedAt.get(action) ?? -Infinity) + longestSkew;
  const from = Math.max(released, ...since);
  return ended.filter(
    ({ state, endedAt }) =>
      state === 'failed' && endedAt !== null && endedAt > from && endedAt < timeline.now() - toldWithin,
  ).length;
}
