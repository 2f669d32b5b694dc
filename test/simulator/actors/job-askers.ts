import { releaseAction } from '../../../domain/remediation/release-action.ts';
import { requeueJob, RequeueRefused } from '../../../domain/remediation/requeue-job.ts';
import { undoJob, UndoRefused } from '../../../domain/remediation/undo-job.ts';
import type { JobState } from '../../../domain/remediation/job.ts';
import type { Instance, Slot } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { approvers, runOn } from './approvers.ts';
import { jobRows } from '../invariants/job-rows.ts';
import { interfere } from './administrators.ts';
import { askApi } from './over-http.ts';

const cameToNothing: readonly JobState[] = ['failed', 'refused', 'dry-run'];

/** Somebody has what a job did taken back; sometimes somebody else has changed it before. */
export function takeBack(simulation: Simulation, remediators: readonly Instance[]): void {
  const { random, timeline } = simulation;
  const done = jobRows(simulation).filter(({ state }) => state === 'done');
  if (done.length === 0) return;
  const { job } = random.pick(done);
  const isChanged = !simulation.weather.calm && random.chance(0.3);
  if (isChanged) interfere(simulation, job);
  timeline.after(isChanged ? random.between(20, 40) * 60_000 : 0, () => {
    runOn(simulation, remediators, 'take back a job', async (slot) => {
      const by = random.pick(approvers);
      if (random.chance(0.5)) await askApi(simulation, slot, by, 'POST', `/jobs/${job.jobId}/undo`);
      else await orRefused(undoJob(job.jobId, by, slot.parts));
    });
  });
}

/** Somebody has a job tried again that came to nothing. */
export function tryAgain(simulation: Simulation, remediators: readonly Instance[]): void {
  const { random, counts, settings } = simulation;
  runOn(simulation, remediators, 'try a job again', async (slot) => {
    const jobId = await pickJob(simulation, slot, cameToNothing);
    if (jobId === null) return;
    const by = random.pick(approvers);
    counts.requeued += 1;
    if (random.chance(0.5)) {
      await askApi(simulation, slot, by, 'POST', `/jobs/${jobId}/requeue`);
      return;
    }
    const stored = await slot.parts.jobs.find(jobId);
    if (stored !== null) await orRefused(requeueJob(stored, by, settings, slot.parts));
  });
}

/** Somebody lets the actions go on that were stopped. */
export function release(simulation: Simulation, remediators: readonly Instance[]): void {
  const { random, releasedAt, timeline } = simulation;
  runOn(simulation, remediators, 'release what was stopped', async (slot) => {
    const { state } = await slot.parts.brakes.read();
    for (const [action, { stopped }] of Object.entries(state.actions)) {
      if (stopped === null) continue;
      releasedAt.set(action, timeline.now());
      if (random.chance(0.5))
        await askApi(simulation, slot, random.pick(approvers), 'DELETE', `/brakes/stopped/${action}`);
      else await releaseAction(action, approvers[0], slot.parts);
      releasedAt.set(action, timeline.now());
    }
  });
}

async function pickJob({ random }: Simulation, { parts }: Slot, states: readonly JobState[]): Promise<string | null> {
  const found = (await Array.fromAsync(parts.jobs.list())).filter(({ state }) => states.includes(state));
  return found.length === 0 ? null : random.pick(found).job.jobId;
}

/** What may not be done is answered so. */
async function orRefused(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof UndoRefused || error instanceof RequeueRefused)) throw error;
  }
}
