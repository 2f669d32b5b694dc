import type { BrakeSettings, QuietHours } from '../model/settings.ts';
import { untouched } from './action-brakes.ts';
import type { BrakeState, BrakeStore } from './brakes.ts';
import type { RemediationJob } from './job.ts';
import { readBrakes } from './read-brakes.ts';
import type { Hindrance } from './remediate-ports.ts';

export const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMinutes = 24 * 60;
/** An undo that a person's brake holds looks so often whether it still does. */
const askedAgainMs = 10 * minuteMs;
/** Writers of many instances at once are told apart by the ETag; so many times one tries again. */
const mostConflicts = 10;

/** The same for the same write, however often it is tried. */
export function plannedWrite({ jobId, attempt, undoOf, plan: { action } }: RemediationJob): PlannedWrite {
  return { action, key: `${jobId}#${String(attempt)}`, isUndo: undoOf !== undefined };
}

export interface PlannedWrite {
  readonly action: string;
  /** The same for the same write, however often it is tried. */
  readonly key: string;
  /** What a person asked to have taken back waits for no quiet hours; what would refuse a repair puts it off. */
  readonly isUndo: boolean;
}

/**
 * Asks all brakes, and counts the write, in one: under the ETag of what was read, so that a switch that is pulled meanwhile
 * is seen. null: it may be written now.
 */
export async function takeBrakesOff(
  write: PlannedWrite,
  settings: BrakeSettings,
  store: BrakeStore,
  now: number,
): Promise<Hindrance | null> {
  for (let conflicts = 0; conflicts < mostConflicts; conflicts += 1) {
    const read = await readBrakes(store);
    if ('hindrance' in read) return read.hindrance;
    const { state, version } = read;
    const writes = state.writes.filter(({ at }) => at > now - hourMs);
    const hindrance = brakeOn(write, settings, { ...state, writes }, now);
    if (hindrance !== null) return hindrance;
    // One that was put off is written now, and not when it was first tried.
    const others = writes.filter(({ key }) => key !== write.key);
    const counted = { ...state, writes: [...others, { action: write.action, at: now, key: write.key }] };
    if (await store.replace(counted, version)) return null;
  }
  return { kind: 'later', why: 'Too many writers count at once', at: now + minuteMs };
}

/**
 * Asks all brakes once more for a write that was counted, in the last moment before it is made: a switch that was pulled
 * while the object was read is seen. null: it may be written now.
 */
export async function brakeOnNow(
  write: PlannedWrite,
  settings: BrakeSettings,
  store: Pick<BrakeStore, 'read'>,
  now: number,
): Promise<Hindrance | null> {
  const read = await readBrakes(store);
  return 'hindrance' in read ? read.hindrance : brakeOn(write, settings, read.state, now);
}

/** The first brake that is on; null where none is. */
export function brakeOn(
  { action, key, isUndo }: PlannedWrite,
  settings: BrakeSettings,
  { killSwitch, actions, writes }: BrakeState,
  now: number,
): Hindrance | null {
  const held = (why: string): Hindrance =>
    isUndo ? { kind: 'later', why, at: now + askedAgainMs } : { kind: 'refused', why };
  if (settings.killSwitch) return held('The kill switch is on in the remediator’s settings');
  if (killSwitch?.on === true) {
    // Why they did stays with the brakes: a person may have written anything.
    return held(`${killSwitch.by} switched all writes off at ${iso(killSwitch.at)}`);
  }
  const { stopped } = actions[action] ?? untouched;
  if (stopped !== null) {
    return held(`The action ${action} is stopped since ${iso(stopped.at)}: ${stopped.reason}; a person releases it`);
  }
  const quietUntil = isUndo ? null : endOfQuiet(settings.quietHours, now);
  if (quietUntil !== null) return { kind: 'later', why: 'Quiet hours', at: quietUntil };
  if (writes.some((one) => one.key === key)) return null;
  const own = writes.filter((one) => one.action === action);
  const full = own.length >= settings.writesPerHourPerAction ? own : writes;
  const most = full === own ? settings.writesPerHourPerAction : settings.writesPerHour;
  const oldest = full[full.length - most];
  if (full.length < most || oldest === undefined) return null;
  const of = full === own ? `the action ${action}` : 'all actions together';
  return { kind: 'later', why: `${String(most)} writes of ${of} within an hour`, at: oldest.at + hourMs };
}

/** When the quiet hours end in which `now` lies; null outside of them. */
function endOfQuiet(quietHours: readonly QuietHours[], now: number): number | null {
  const minute = Math.floor(now / minuteMs) % dayMinutes;
  const ends = quietHours.flatMap(({ from, to }) => {
    const length = (to - from + dayMinutes) % dayMinutes;
    const since = (minute - from + dayMinutes) % dayMinutes;
    return since < length ? [(Math.floor(now / minuteMs) + length - since) * minuteMs] : [];
  });
  return ends.length === 0 ? null : Math.max(...ends);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
