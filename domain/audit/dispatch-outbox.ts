import type { TaskStore } from '../remediation/repair-task.ts';
import type { Effect, History, JobStore, Messages, Outbox, OutboxEntry } from './ports.ts';

export interface DispatchPorts {
  readonly outbox: Outbox;
  readonly history: History;
  readonly jobs: Pick<JobStore, 'insert' | 'find'>;
  readonly tasks: Pick<TaskStore, 'insert'>;
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

/** What cannot be sent must not keep the rest waiting for ever; where this many fail, it is the broker or the store. */
const mostFailures = 5;

/**
 * Sends what one partition holds: history first, then jobs, then alerts, and only then is the entry removed. Each step is
 * idempotent, so a crash between two of them sends nothing twice in effect and loses nothing. An entry that cannot be sent
 * stays, and those after it are sent all the same.
 * @throws the error of the entry that failed; AggregateError of several, five at most.
 */
export async function dispatchPartition(partition: string, ports: Omit<DispatchPorts, 'now'>): Promise<Dispatched> {
  let sent: Dispatched = { transitions: 0, jobs: 0, alerts: 0 };
  const failures: unknown[] = [];
  for await (const entry of ports.outbox.entries(partition)) {
    try {
      sent = sum(sent, await dispatchEntry(partition, entry, ports));
    } catch (error) {
      failures.push(error);
      if (failures.length === mostFailures) break;
    }
  }
  if (failures.length === 0) return sent;
  throw failures.length === 1
    ? failures[0]
    : new AggregateError(
        failures,
        `${String(failures.length)} entries of outbox partition ${partition} could not be sent; they stay stored`,
      );
}

async function dispatchEntry(
  partition: string,
  { key, transition, effects }: OutboxEntry,
  ports: Omit<DispatchPorts, 'now'>,
): Promise<Dispatched> {
  if (transition !== null) await ports.history.append(transition);
  for (const effect of effects) await send(effect, ports);
  await ports.outbox.remove(partition, key);
  return {
    transitions: transition === null ? 0 : 1,
    jobs: effects.filter(({ kind }) => kind === 'job').length,
    alerts: effects.filter(({ kind }) => kind === 'alert').length,
  };
}

async function send(effect: Effect, ports: Omit<DispatchPorts, 'now'>): Promise<void> {
  switch (effect.kind) {
    case 'alert':
      await ports.messages.alert(effect.alert);
      return;
    case 'work': {
      const { messageId, work, notBefore } = effect;
      await ports.messages.auditWork([{ messageId, work, notBefore }]);
      return;
    }
    case 'task':
      await ports.tasks.insert(effect.task);
      return;
    case 'job':
      await ports.jobs.insert(effect.job);
      await sendJob(effect.job.jobId, ports);
      return;
    default:
      throw new TypeError(`An outbox entry that a newer version wrote is left to it: ${JSON.stringify(effect)}`);
  }
}

/** As it is stored: where a job of that id was there before, nothing else is taken for it. */
async function sendJob(jobId: string, { jobs, messages }: Pick<DispatchPorts, 'jobs' | 'messages'>): Promise<void> {
  const stored = await jobs.find(jobId);
  if (stored?.state === 'queued' && !stored.job.approvalRequired) await messages.job(stored.job);
}

function sum(a: Dispatched, b: Dispatched): Dispatched {
  return { transitions: a.transitions + b.transitions, jobs: a.jobs + b.jobs, alerts: a.alerts + b.alerts };
}
