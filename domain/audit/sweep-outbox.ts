import { dispatchPartition, type DispatchPorts } from './dispatch-outbox.ts';

export type RepairOutboxPorts = DispatchPorts;

/** The dispatcher sends within a minute; what waits longer waits because somebody ended in the middle. */
const tooLongMs = 10 * 60_000;

/** Sends what has waited in the outbox for too long. */
export async function repairOutbox(ports: RepairOutboxPorts): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { partition, version, markedAt } of await ports.outbox.partitions()) {
    if (ports.now() - markedAt <= tooLongMs) continue;
    const { transitions, jobs, alerts } = await dispatchPartition(partition, ports);
    await ports.outbox.unmark(partition, version);
    if (transitions + jobs + alerts === 0) continue;
    done.push(
      `Outbox of ${partition === '-' ? 'the tenant' : `subscription ${partition}`}: sent ${String(transitions)} transitions, ` +
        `${String(jobs)} jobs, ${String(alerts)} alerts that had waited more than 10 minutes`,
    );
  }
  return done;
}
