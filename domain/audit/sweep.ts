import type { Settings } from '../model/settings.ts';
import type { SweepLog } from './ports.ts';
import { repairJobs, type RepairJobsPorts } from './sweep-jobs.ts';
import { planSwitchedOn, type PlanSwitchedOnPorts } from './sweep-modes.ts';
import { purgeDaily, type SweepPurgePorts } from './sweep-purge.ts';
import { repairOutbox, type RepairOutboxPorts } from './sweep-outbox.ts';
import { repairRuns, type RepairRunsPorts } from './sweep-runs.ts';
import { reviewStore, type ReviewStorePorts } from './sweep-review.ts';
import { endWaivers, type EndWaiversPorts, warnOfWaivers, type WarnOfWaiversPorts } from './sweep-waivers.ts';

export type SweepPorts = EndWaiversPorts &
  WarnOfWaiversPorts &
  ReviewStorePorts &
  RepairOutboxPorts &
  RepairRunsPorts &
  RepairJobsPorts &
  PlanSwitchedOnPorts &
  SweepPurgePorts & { readonly sweeps: SweepLog };

/**
 * Ends what has expired, tells what will, and repairs what a crash left half done. Each part is tried even when another
 * fails. A sweep that finds nothing
 * writes nothing, but that of each day's first purge.
 * @returns a sentence for each thing that was done.
 * @throws AggregateError of the parts that failed; what the others did stays, and is recorded.
 */
export async function sweep(settings: Settings, ports: SweepPorts): Promise<readonly string[]> {
  const repaired: string[] = [];
  const failures: unknown[] = [];
  const parts = [
    () => endWaivers(ports),
    () => warnOfWaivers(settings, ports),
    () => reviewStore(ports),
    () => repairRuns(settings, ports),
    () => repairJobs(ports),
    () => planSwitchedOn(settings, ports),
    () => purgeDaily(settings, ports),
    // Last, so that what the others stored leaves as well where the dispatcher is too late with it.
    () => repairOutbox(ports),
  ];
  for (const part of parts) {
    try {
      repaired.push(...(await part()));
    } catch (error) {
      failures.push(error);
    }
  }
  if (repaired.length > 0) await ports.sweeps.record({ at: ports.now(), repaired });
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `${String(failures.length)} parts of the sweep failed; the next one tries again: ${failures.map(messageOf).join('; ')}`,
    );
  }
  return repaired;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
