import type { Digest } from '../remediation/job.ts';
import { repairKey } from '../remediation/repair.ts';
import type { Messages } from './ports.ts';
import type { AuditWork } from './work.ts';

const firstWaitMs = 1000;
const longestWaitMs = 15 * 60_000;
/** With waits of up to 15 minutes, most of a day; the nightly audit then looks anyway. */
const times = 96;

/** What the work needs could not be reached for most of a day. */
export class PutOffTooOften extends Error {
  override readonly name = 'PutOffTooOften';
}

/**
 * Queues work again for later, waiting twice as long each time. An abandoned message would come back at once and end in
 * the dead letters within seconds; this one outlasts an outage. Doing it twice for one delivery is one message.
 * @returns how long it waits, in milliseconds
 * @throws PutOffTooOften
 */
export async function putOff(
  work: AuditWork,
  ports: { readonly messages: Messages; readonly now: () => number; readonly digest: Digest },
): Promise<number> {
  const count = (work.putOff ?? 0) + 1;
  if (count > times) {
    throw new PutOffTooOften(`${nameOf(work)} was put off ${String(times)} times; the next nightly audit looks again`);
  }
  const waitMs = Math.min(firstWaitMs * 2 ** (count - 1), longestWaitMs);
  const again: AuditWork = { ...work, putOff: count };
  await ports.messages.auditWork([
    { messageId: ports.digest(JSON.stringify(again)), work: again, notBefore: ports.now() + waitMs },
  ]);
  return waitMs;
}

function nameOf(work: AuditWork): string {
  switch (work.kind) {
    case 'shard':
      return `Shard ${String(work.shard)} of run ${work.runId}`;
    case 'plan-repair':
      return `The planning of ${repairKey(work.repair)}`;
    case 'collision':
      return `The collision of job ${work.collision.jobId}`;
    case 'result':
      return `The result of job ${work.result.jobId}`;
    case 'repair-queued':
      return `What job ${work.jobId} is to mend`;
    case 'tenant-rule':
      return `The verification of ${work.rule}`;
    case 'account':
    case 'attribute':
      return `The audit of ${work.accountId}`;
  }
}
