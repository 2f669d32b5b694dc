import type { Settings } from '../model/settings.ts';
import type { BrakeStore } from './brakes.ts';
import type { RemediationJob } from './job.ts';
import { modeOf } from './job-of-plan.ts';
import { brakeOn, plannedWrite } from './write-brakes.ts';

/** What keeps a job from being carried out now, a sentence without its full stop each. What cannot be read counts as on. */
export async function whatHolds(
  job: RemediationJob,
  settings: Settings,
  { brakes, now }: { readonly brakes: Pick<BrakeStore, 'read'>; readonly now: () => number },
): Promise<readonly string[]> {
  const { action } = job.plan;
  const mode = modeOf(action, settings);
  const inSettings = {
    off: [`The action ${action} is switched off in the remediator's settings`],
    'dry-run': [`The action ${action} is a dry run in the remediator's settings: nothing is written`],
    approve: [],
    auto: [],
  }[mode];
  try {
    const { state } = await brakes.read();
    const brake = brakeOn(plannedWrite(job), settings.brakes, state, now());
    if (brake === null) return inSettings;
    const until = brake.kind === 'later' ? `, until ${new Date(brake.at).toISOString()}` : '';
    return [...inSettings, `${brake.why}${until}`];
  } catch {
    return [...inSettings, 'The brakes cannot be read, which counts as on'];
  }
}
