import type { StoredJob } from '../audit/ports.ts';
import type { Settings } from '../model/settings.ts';
import { CallPutOff, CallRefused } from './call-failure.ts';
import { showsExactly, showsWritten } from './guarded-values.ts';
import { claimMs, type JobProgress, type JobWrite } from './job-progress.ts';
import type { PlannedCall } from './plan.ts';
import { bringBack, comingBack, mostTries, pauseAfter, putOffJob } from './put-off-job.ts';
import { recordWrite } from './record-write.ts';
import { claimedElsewhere, type Remediated, type RemediatePorts, type Step } from './remediate-ports.ts';
import { settleJob } from './settle-job.ts';

/** Entra shows a change within a minute or two (domain facts 5); a quarter of an hour is waited in all. */
const pausesMs = [15_000, 30_000, 60_000, 120_000, 240_000, 480_000];

const foundInEffect =
  'Found in effect when the job was taken up again; whether the job or somebody else wrote it is not known';

/**
 * Reads after a write, or after one of which nobody knows whether it was made, and goes by what is there: the value after,
 * done; the value before, replication, or it was never written; anything else, somebody wrote at the same time.
 */
export async function lookAfter(
  stored: StoredJob,
  { call, progress, write }: { readonly call: PlannedCall; readonly progress: JobProgress; readonly write: JobWrite },
  settings: Settings,
  ports: RemediatePorts,
): Promise<Step> {
  const end = async (ended: Promise<Remediated>): Promise<Step> => ({ end: await ended });
  const now = ports.now();
  let found: unknown;
  try {
    found = await ports.executor.read(call);
  } catch (error) {
    if (!(error instanceof CallPutOff || error instanceof CallRefused)) throw error;
    const tries = progress.tries + 1;
    if (error instanceof CallRefused || tries > mostTries) {
      const reason = `What was written could not be read again (${error.message}); look at it, and audit the account`;
      const values = { before: write.before, after: null };
      return end(settleJob(stored, { state: 'failed', reason, values }, settings, ports));
    }
    const at = now + pauseAfter(progress.tries, error.retryAfterMs);
    return end(
      putOffJob(stored, { at, reason: error.message, progress: { ...progress, tries, verifyAfter: at } }, ports),
    );
  }
  const values = { before: write.before, after: found };
  const { expect, afterwards } = call.reads;
  if (afterwards !== undefined && showsWritten(found, afterwards)) {
    const known = { ...progress, verifyAfter: null, write: { ...write, after: found } };
    await recordWrite(stored.job.jobId, known.write, ports);
    const reason = write.takenAt === null ? foundInEffect : null;
    return end(settleJob({ ...stored, progress: known }, { state: 'done', reason, values }, settings, ports));
  }
  const claimEnds = write.intendedAt + claimMs;
  if (write.takenAt === null && now < claimEnds) {
    // Whoever was about to write may still do so.
    await bringBack(stored, comingBack(claimEnds, now), ports);
    return { end: claimedElsewhere };
  }
  if (showsExactly(found, expect)) {
    if (write.takenAt === null) {
      await recordWrite(stored.job.jobId, null, ports);
      const released = await ports.jobs.move(stored, 'queued', null, { ...progress, claimedUntil: null, write: null });
      return released === null ? { end: claimedElsewhere } : { go: released };
    }
    const pause = pausesMs[progress.looks];
    if (pause !== undefined) {
      const at = now + pause;
      const waiting = { ...progress, looks: progress.looks + 1, verifyAfter: at, claimedUntil: null };
      return end(putOffJob(stored, { at, reason: 'The write is not to be seen yet', progress: waiting }, ports));
    }
    const reason =
      'The service took the write, and a quarter of an hour later still shows the value before; look at the object';
    return end(settleJob(stored, { state: 'failed', reason, values }, settings, ports));
  }
  const reason =
    'Somebody changed the object at the same time; both values are in the finding, and the action is stopped until a person releases it';
  return end(settleJob(stored, { state: 'failed', reason, values, followUp: 'collision' }, settings, ports));
}
