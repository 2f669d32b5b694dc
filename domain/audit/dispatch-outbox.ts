import type { Effect, History, JobStore, Messages, Outbox } from './ports.ts';

export interface DispatchPorts {
  readonly outbox: Outbox;
  readonly history: History;
  readonly jobs: JobStore;
  readonly messages: Messages;
  readonly now: () => number;
}

/** No commit takes longer than the functions' time limit. */
const commitGraceMs = 10 * 60_000;

export interface Dispatched {
  readonly transitions: number;
  readonly jobs: number;
  readonly alerts: number;
}

/** Sends what is stored in every partition that may hold something. */
export async function dispatchOutbox(ports: DispatchPorts): Promise<Dispatched> {
  let total: Dispatched = { transitions: 0, jobs: 0, alerts: 0 };
  const failures: unknown[] = [];
  for (const { partition, version, markedAt } of await ports.outbox.partitions()) {
    try {
      const sent = await dispatchPartition(partition, ports);
      total = sum(total, sent);
      // A marker is older than its commit: a young one may stand for a commit that is still on its way.
      if (ports.now() - markedAt > commitGraceMs) await ports.outbox.unmark(partition, version);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `${String(failures.length)} outbox partitions could not be sent; they stay stored`,
    );
  }
  return total;
}

/**
 * Sends what one partition holds: history first, then jobs, then alerts, and only then is the entry removed. Each step is
 * idempotent, so a crash between two of them sends nothing twice in effect and loses nothing.
 */
export async function dispatchPartition(partition: string, ports: Omit<DispatchPorts, 'now'>): Promise<Dispatched> {
  let sent: Dispatched = { transitions: 0, jobs: 0, alerts: 0 };
  for await (const entry of ports.outbox.entries(partition)) {
    if (entry.transition !== null) await ports.history.append(entry.transition);
    for (const effect of entry.effects) await send(effect, ports);
    await ports.outbox.remove(partition, entry.key);
    sent = sum(sent, {
      transitions: entry.transition === null ? 0 : 1,
      jobs: entry.effects.filter(({ kind }) => kind === 'job').length,
      alerts: entry.effects.filter(({ kind }) => kind === 'alert').length,
    });
  }
  return sent;
}

async function send(effect: Effect, ports: Omit<DispatchPorts, 'now'>): Promise<void> {
  if (effect.kind === 'alert') {
    await ports.messages.alert(effect.alert);
    return;
  }
  await ports.jobs.insert(effect.job);
  if (!effect.job.approvalRequired) await ports.messages.job(effect.job);
}

function sum(a: Dispatched, b: Dispatched): Dispatched {
  return { transitions: a.transitions + b.transitions, jobs: a.jobs + b.jobs, alerts: a.alerts + b.alerts };
}
