import type { BrakeStore } from './brakes.ts';
import { collisionWork } from './collision.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { changeBrake } from './write-brakes.ts';

export interface ReleasePorts extends Pick<RemediatePorts, 'jobs' | 'messages'> {
  readonly brakes: BrakeStore;
}

/**
 * Lets an action run again that failures or a collision stopped, and has the finding of the collision closed: whoever
 * releases it has looked at both values.
 * @returns whether it was stopped
 */
export async function releaseAction(action: string, ports: ReleasePorts): Promise<boolean> {
  const stopped = (await ports.brakes.read()).state.actions[action]?.stopped ?? null;
  if (stopped === null) return false;
  const job = await ports.jobs.find(stopped.jobId);
  const work = job === null ? null : collisionWork(job, true);
  if (work !== null) await ports.messages.auditWork([work]);
  await changeBrake(action, ports.brakes, () => ({ failures: [], stopped: null }));
  return true;
}
