import type { RecordsReading } from '../audit/drift-ports.ts';
import type { StoredJob } from '../audit/ports.ts';
import { collisionWork } from './collision.ts';
import { type Concluded, concludeOverwritten } from './conclude-overwritten.ts';
import { valueAt } from './guarded-values.ts';
import { nextLook, type Overwritten } from './overwritten.ts';
import { bringBack, comingBack } from './put-off-job.ts';
import type { RemediatePorts } from './remediate-ports.ts';
import { stopAction } from './write-brakes.ts';

type Ports = Pick<RemediatePorts, 'jobs' | 'approvals' | 'brakes' | 'messages' | 'changeLog' | 'now' | 'actor'>;

/** What is looked at before the write, since the service's clock is not ours. */
const askedBeforeMs = 15 * 60_000;

/**
 * Looks in the records of Entra whether a job that is done replaced a change that nobody had read, once that is due, and
 * keeps the answer with the job. What was found stops the action and opens the finding of a collision.
 * @returns whether a look was due.
 */
export async function lookForOverwritten(stored: StoredJob, ports: Ports): Promise<boolean> {
  const { job, state, report } = stored;
  const before = report?.overwritten;
  if (report === null || before?.state !== 'pending' || before.lookAt > ports.now()) return false;
  const overwritten = answerOf(await concluded(stored, ports), before.looks + 1, ports.now());
  const moved = await ports.jobs.move(stored, state, { ...report, overwritten });
  if (moved === null) {
    // Somebody took the job back meanwhile, or looked as well.
    const current = await ports.jobs.find(job.jobId);
    return current === null || lookForOverwritten(current, ports);
  }
  await tellOverwritten(moved, ports);
  return true;
}

/** What follows from what is known of a write that may have replaced a change; telling it again changes nothing. */
export async function tellOverwritten(stored: StoredJob, ports: Omit<Ports, 'changeLog' | 'actor'>): Promise<void> {
  const overwritten = stored.report?.overwritten;
  if (overwritten?.state === 'pending') await bringBack(stored, comingBack(overwritten.lookAt, ports.now()), ports);
  if (overwritten?.state !== 'found') return;
  const reason = 'A change that somebody made right before the write was replaced by it; both values are in the finding';
  const { jobId, plan } = stored.job;
  await stopAction(plan.action, { at: overwritten.at, reason, jobId }, ports.brakes);
  const work = collisionWork(stored);
  if (work !== null) await ports.messages.auditWork([work]);
}

async function concluded({ job, progress }: StoredJob, { changeLog, actor }: Ports): Promise<Concluded> {
  const [call] = job.plan.calls;
  const write = progress?.write;
  if (call === undefined || write === null || write === undefined) {
    return { kind: 'unknown', why: 'The job does not say what was read before it was written' };
  }
  if (actor === null) {
    return { kind: 'unknown', why: 'The remediator does not know its own identity (KERBWATCH_OBJECT_ID)' };
  }
  const { target } = job.plan;
  const client = valueAt(write.before, '/clientId');
  // A grant is recorded under the principals that it is between, and not under its own id.
  const objectId = target.type === 'oauth2PermissionGrant' && typeof client === 'string' ? client : target.id;
  const reading = await changeLog.ofDirectory([objectId], write.intendedAt - askedBeforeMs);
  if (reading.state === 'unreadable') return unreadable(reading);
  return concludeOverwritten({ target, call, write, actor: actor.toLowerCase() }, reading.records);
}

function unreadable({ reason, needs }: Extract<RecordsReading, { state: 'unreadable' }>): Concluded {
  const why = `The audit records of Entra could not be read: ${reason}${needs === null ? '' : ` (${needs})`}`;
  return { kind: reason === 'forbidden' ? 'unknown' : 'not-yet', why };
}

/** What is kept of a look. */
function answerOf(told: Concluded, looks: number, now: number): Overwritten {
  switch (told.kind) {
    case 'none':
      return { state: 'none', at: now };
    case 'found':
      return { state: 'found', at: now, wanted: told.wanted, found: told.found, by: told.by };
    case 'unknown':
      return { state: 'unknown', at: now, why: told.why };
    case 'not-yet':
      return nextLook(looks, now) ?? { state: 'unknown', at: now, why: `${told.why}, an hour and a half after it` };
  }
}
