import type { BrakeSettings, QuietHours } from '../model/settings.ts';
import { type ActionBrake, type BrakeState, type BrakeStore, BrakeUnreadable } from './brakes.ts';
import type { Hindrance } from './remediate-ports.ts';

export const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMinutes = 24 * 60;
/** An undo that a person's brake holds looks so often whether it still does. */
const askedAgainMs = 10 * minuteMs;
/** Writers of many instances at once are told apart by the ETag; so many times one tries again. */
const mostConflicts = 10;

const untouched: ActionBrake = { failures: [], stopped: null };

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
    if (writes.some(({ key }) => key === write.key)) return null;
    const counted = { ...state, writes: [...writes, { action: write.action, at: now, key: write.key }] };
    if (await store.replace(counted, version)) return null;
  }
  return { kind: 'later', why: 'Too many writers count at once', at: now + minuteMs };
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
    return held(`${killSwitch.by} switched all writes off at ${iso(killSwitch.at)}: ${killSwitch.reason}`);
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

/** Remembers that a job failed; the action stops once that was so often in a row. Doing it again changes nothing. */
export async function recordFailure(
  { action, key, jobId }: { readonly action: string; readonly key: string; readonly jobId: string },
  { stopAfterFailures }: BrakeSettings,
  store: BrakeStore,
  now: number,
): Promise<void> {
  await changeBrake(action, store, ({ failures, stopped }) => {
    if (failures.includes(key)) return null;
    const all = [...failures, key];
    const reason = `${String(all.length)} jobs failed one after the other`;
    return { failures: all, stopped: stopped ?? (all.length < stopAfterFailures ? null : { at: now, reason, jobId }) };
  });
}

/** An action that works has no failures in a row; nothing is written where it had none. */
export async function recordSuccess(action: string, store: BrakeStore): Promise<void> {
  await changeBrake(action, store, (brake) => (brake.failures.length === 0 ? null : { ...brake, failures: [] }));
}

export async function stopAction(
  action: string,
  stopped: NonNullable<ActionBrake['stopped']>,
  store: BrakeStore,
): Promise<void> {
  await changeBrake(action, store, (brake) => (brake.stopped === null ? { ...brake, stopped } : null));
}

/** Changes the brake of one action; nothing is written where `change` gives null. */
export async function changeBrake(
  action: string,
  store: BrakeStore,
  change: (brake: ActionBrake) => ActionBrake | null,
): Promise<void> {
  for (;;) {
    const read = await readBrakes(store);
    // Nothing is written anyway while they cannot be read.
    if ('hindrance' in read) return;
    const { state, version } = read;
    const brake = change(state.actions[action] ?? untouched);
    if (brake === null) return;
    if (await store.replace({ ...state, actions: { ...state.actions, [action]: brake } }, version)) return;
  }
}

async function readBrakes(store: BrakeStore) {
  try {
    return await store.read();
  } catch (error) {
    if (error instanceof BrakeUnreadable) return { hindrance: refused(error.message) };
    throw error;
  }
}

function refused(why: string): Hindrance {
  return { kind: 'refused', why };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
