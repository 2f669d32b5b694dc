import { isBelievable } from '../model/believable.ts';
import type { Settings } from '../model/settings.ts';
import { finishRun, type FinishRunPorts } from './finish-run.ts';
import type { Messages, SweepLog } from './ports.ts';

export type RepairRunsPorts = FinishRunPorts & { readonly messages: Messages; readonly sweeps: SweepLog };

const tooLongMs = 6 * 3_600_000;
/** Four tries; the next night has begun. While a first audit is not over nobody is told of anything in its subscriptions. */
const endedAfterMs = 4 * tooLongMs;
/** Unfinished runs that may precede the last finished one; what is older is not worth finishing. */
const runsBack = 5;

/**
 * Queues again the shards of a run that was not finished within six hours, or finishes a run whose last shard's process
 * ended too early. A run that a later finished one has overtaken stays as it is. Every six hours they are queued once; after
 * a day the run ends without them.
 */
export async function repairRuns(settings: Settings, ports: RepairRunsPorts): Promise<readonly string[]> {
  const done: string[] = [];
  const now = ports.now();
  for (const { id, startedAt, finishedAt } of await ports.runs.latest(runsBack)) {
    // One that a clock far ahead began has overtaken nothing.
    if (!isBelievable(startedAt, now)) continue;
    if (finishedAt !== null) break;
    const period = Math.floor((now - startedAt) / tooLongMs);
    if (period < 1) continue;
    const missing = (await ports.runs.shards(id)).filter(({ tally }) => tally === null);
    if (missing.length === 0) {
      if (await finishRun(id, settings, ports)) done.push(`Run ${id}: all its shards were done, and it was finished`);
      continue;
    }
    if (now - startedAt >= endedAfterMs) {
      if (await finishRun(id, settings, ports, { without: true })) {
        done.push(`Run ${id}: ended after a day without ${String(missing.length)} shards that could not be done`);
      }
      continue;
    }
    const key = `run~${id}~${String(period)}`;
    if (await ports.sweeps.has(key)) continue;
    await ports.messages.auditWork(
      missing.map(({ shard: { number } }) => ({
        messageId: `${id}:${String(number)}:again:${String(period)}`,
        work: { kind: 'shard', runId: id, shard: number },
        notBefore: null,
      })),
    );
    await ports.sweeps.mark(key, now);
    done.push(`Run ${id}: queued ${String(missing.length)} shards again that were not done`);
  }
  return done;
}
