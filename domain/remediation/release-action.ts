import { type BrakeStore, withAct } from './brakes.ts';
import { changeBrakes } from './change-brakes.ts';
import { collisionWork } from './collision.ts';
import type { RemediatePorts } from './remediate-ports.ts';

export interface ReleasePorts extends Pick<RemediatePorts, 'jobs' | 'messages' | 'now'> {
  readonly brakes: BrakeStore;
}

/**
 * Lets an action run again that failures or collisions stopped, and has the findings of those collisions closed: whoever
 * releases it has looked at the values. A collision that comes in between stops it anew.
 * @param by object id of the person
 * @returns whether it was stopped
 * @throws BrakesBusy, BrakeUnreadable
 */
export async function releaseAction(action: string, by: string, ports: ReleasePorts): Promise<boolean> {
  const released = await changeBrakes(ports.brakes, async (state) => {
    const brake = Object.hasOwn(state.actions, action) ? state.actions[action] : undefined;
    if (brake === undefined || brake.stopped === null) return null;
    const at = ports.now();
    // First the findings: a crash leaves the action stopped, and whoever releases it again sends the same messages.
    await closeFindings(brake.stopped.jobIds, at, ports);
    const next = { ...state, actions: { ...state.actions, [action]: { ...brake, failures: [], stopped: null } } };
    return withAct(next, { what: 'release', action, by, at, reason: null });
  });
  return released !== null;
}

async function closeFindings(jobIds: readonly string[], at: number, { jobs, messages }: ReleasePorts): Promise<void> {
  for (const jobId of jobIds) {
    const job = await jobs.find(jobId);
    const work = job === null ? null : collisionWork(job, at);
    if (work !== null) await messages.auditWork([work]);
  }
}
