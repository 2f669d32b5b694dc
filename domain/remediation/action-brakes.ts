import type { BrakeSettings } from '../model/settings.ts';
import type { ActionBrake, BrakeStore } from './brakes.ts';
import { readBrakes } from './read-brakes.ts';

export const untouched: ActionBrake = { failures: [], stopped: null, counted: [] };
/** Far more than an action can do in the days in which a message may still come again. */
const mostCounted = 200;

/** One attempt of a job, of which something is remembered once. */
export interface CountedJob {
  readonly action: string;
  readonly jobId: string;
  readonly attempt: number;
}

/** Remembers that a job failed; the action stops once that was so often in a row. Doing it again changes nothing. */
export async function recordFailure(
  job: CountedJob,
  { stopAfterFailures }: BrakeSettings,
  store: BrakeStore,
  now: number,
): Promise<void> {
  await countOnce('failed', job, store, (brake) => {
    const failures = [...brake.failures, attemptOf(job)];
    const reason = `${String(failures.length)} jobs failed one after the other`;
    const isEnough = failures.length >= stopAfterFailures;
    return {
      ...brake,
      failures,
      stopped: brake.stopped ?? (isEnough ? { at: now, reason, jobIds: [job.jobId] } : null),
    };
  });
}

/** Stops an action because a job met somebody else's change. Doing it again changes nothing, also after its release. */
export async function stopAction(
  job: CountedJob,
  { at, reason }: { readonly at: number; readonly reason: string },
  store: BrakeStore,
): Promise<void> {
  await countOnce('collided', job, store, (brake) => {
    const { stopped } = brake;
    if (stopped === null) return { ...brake, stopped: { at, reason, jobIds: [job.jobId] } };
    return { ...brake, stopped: { ...stopped, jobIds: [...new Set([...stopped.jobIds, job.jobId])] } };
  });
}

/** An action that works has no failures in a row; nothing is written where it had none. */
export async function recordSuccess(action: string, store: BrakeStore): Promise<void> {
  await changeBrake(action, store, (brake) => (brake.failures.length === 0 ? null : { ...brake, failures: [] }));
}

async function countOnce(
  what: 'failed' | 'collided',
  job: CountedJob,
  store: BrakeStore,
  change: (brake: ActionBrake) => ActionBrake,
): Promise<void> {
  const key = `${what}:${attemptOf(job)}`;
  await changeBrake(job.action, store, (brake) =>
    brake.counted.includes(key) ? null : { ...change(brake), counted: [...brake.counted, key].slice(-mostCounted) },
  );
}

/** Changes the brake of one action; nothing is written where `change` gives null. */
async function changeBrake(
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

function attemptOf({ jobId, attempt }: CountedJob): string {
  return `${jobId}#${String(attempt)}`;
}
