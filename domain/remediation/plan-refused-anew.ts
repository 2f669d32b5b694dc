import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { modeOf } from './job-of-plan.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { planAnewWork } from './repair-work.ts';
import { readBrakes } from './read-brakes.ts';
import { brakeOn, plannedWrite } from './write-brakes.ts';

type Ports = Pick<RemediatePorts, 'jobs' | 'brakes' | 'messages' | 'now'>;

/**
 * Has planned anew what was refused for a reason that has passed: once for each such job, and only when neither a brake nor
 * this app's settings would refuse it again, so that a night under the kill switch makes no job and writes nothing. The
 * auditor plans it, which finds nothing to do where nothing is broken any more.
 * @returns a sentence for each
 */
export async function planRefusedAnew(settings: Settings, ports: Ports): Promise<readonly string[]> {
  const refused = (await Array.fromAsync(ports.jobs.list('refused'))).filter(isToBePlanned);
  if (refused.length === 0) return [];
  const read = await readBrakes(ports.brakes);
  if ('hindrance' in read) return [];
  const now = ports.now();
  const done: string[] = [];
  for (const stored of refused) {
    const { job } = stored;
    if (modeOf(job.plan.action, settings) === 'off') continue;
    if (brakeOn(plannedWrite(job), settings.brakes, read.state, now)?.kind === 'refused') continue;
    if (await queuePlanning(stored, settings, ports)) {
      done.push(`Job ${job.jobId}: what refused it has passed, and it is planned anew if it is still needed`);
    }
  }
  return done;
}

/** Whoever had another job taken back asks for that again. */
function isToBePlanned({ job, report }: StoredJob): boolean {
  return job.undoOf === undefined && report?.passes !== undefined && report.plannedAnew?.queued !== true;
}

/** @returns false where somebody else is at it */
async function queuePlanning(stored: StoredJob, settings: Settings, { jobs, messages, now }: Ports): Promise<boolean> {
  const { job, state, report } = stored;
  if (report === null) return false;
  // Before the message: whoever plans has to find that it may. One that a crash kept back leaves with the next pass.
  const at = report.plannedAnew?.at ?? now();
  const lifted = await jobs.move(stored, state, { ...report, plannedAnew: { at, queued: false } });
  if (lifted === null) return false;
  const work = planAnewWork(job, at + settings.watch.debounceSeconds * 1000);
  if (work !== null) await messages.auditWork([work]);
  return (await jobs.move(lifted, state, { ...report, plannedAnew: { at, queued: true } })) !== null;
}
