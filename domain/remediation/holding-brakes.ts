import type { Settings } from '../model/settings.ts';
import type { BrakeStore } from './brakes.ts';
import type { RemediationJob } from './job.ts';
import { modeOf } from './job-of-plan.ts';
import { takenBackWhy } from './may-run.ts';
import type { WriteRecords } from './write-record.ts';
import { brakeOn, plannedWrite } from './write-brakes.ts';

/** What keeps a job from being carried out now, a sentence without its full stop each. What cannot be read counts as on. */
export async function whatHolds(
  job: RemediationJob,
  settings: Settings,
  {
    brakes,
    records,
    now,
  }: {
    readonly brakes: Pick<BrakeStore, 'read'>;
    readonly records: Pick<WriteRecords, 'latest'>;
    readonly now: () => number;
  },
): Promise<readonly string[]> {
  const { action, target } = job.plan;
  const isUndo = job.undoOf !== undefined;
  const mode = modeOf(action, settings);
  const modes = {
    off: [`The action ${action} is switched off in the remediator's settings`],
    'dry-run': [`The action ${action} is a dry run in the remediator's settings: nothing is written`],
    approve: [],
    auto: [],
  }[mode];
  // Whoever asks for an undo asks for it whatever the mode is by now.
  const inSettings = isUndo ? [] : modes;
  try {
    const { state } = await brakes.read();
    const brake = brakeOn(plannedWrite(job), settings.brakes, state, now());
    const latest = isUndo ? null : await records.latest(action, target.id);
    const own = [...inSettings, ...(typeof latest?.undoOf === 'string' ? [takenBackWhy(latest.at)] : [])];
    if (brake === null) return own;
    const until = brake.kind === 'later' ? `, until ${new Date(brake.at).toISOString()}` : '';
    return [...own, `${brake.why}${until}`];
  } catch {
    return [...inSettings, 'The brakes cannot be read, which counts as on'];
  }
}
