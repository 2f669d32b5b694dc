import type { Effect } from '../../../domain/audit/ports.ts';
import { isSettled, type JobState, type RemediationJob } from '../../../domain/remediation/job.ts';
import { brokerId } from '../../../infra/azure/service-bus/job-message.ts';
import { taskPartition } from '../../../infra/azure/tables/job-store.ts';
import { storedTask } from '../../../infra/azure/tables/task-store.ts';
import { queues, topics } from '../../../infra/names.ts';
import type { RepairTask } from '../../../domain/remediation/repair-task.ts';
import type { Simulation } from '../simulation.ts';
import { isNoticed, isToBeNoticed, toldOf } from './noticed.ts';
import { readingIsKnown } from './readings.ts';
import { repairIsOver } from './repairs.ts';
import { instant } from './stored.ts';

const minute = 60_000;

/** The dispatcher comes every five minutes, in calm days every ten; now and then one is struck. */
const dispatched = 20 * minute;
/** Whoever was about to tell of a job may end before, and the lock of its message has to run out first, more than once. */
const told = 45 * minute;
/** A verification is put off, a quarter of an hour at most each time, while younger readings are under way. */
const verified = 2 * 60 * minute;
/** The sweep looks for a job that nobody has sent half an hour after it was stored; in calm days it comes every half hour. */
const swept = 100 * minute;
/** Whoever found that it was overtaken looks again, maybe by its next delivery. */
const lookedAgain = 45 * minute;
/** The watch looks every quarter of an hour, and asks once an hour for what it or an audit could not read; audits are put off meanwhile. */
const noticed = 2 * 60 * minute;

interface Promised {
  readonly within: number;
  /** What has to come before; absent: nothing. Epoch milliseconds. */
  readonly since?: () => number;
  /** Null: it was kept, or nobody is bound to it any more. */
  readonly broken: () => string | null;
}

/** What the product has stored that it will do is done within minutes, but for the time in which the store or the broker is away. */
export function keepPromises(simulation: Simulation): void {
  const { listeners, timeline, weather, violations, witness } = simulation;
  const isSent = (entity: string, id: string): boolean => witness.sentAt.has(`${entity}/${brokerId(id)}`);

  /** Jobs that have ended, with their attempts: the row of one is written again when what follows from it is told. */
  const settled = new Set<string>();

  listeners.onOutbox = (effects) => {
    const since = instant(timeline.now());
    for (const effect of effects) {
      const unsent = sending(effect);
      promise({ within: dispatched, broken: () => (unsent() ? `Not sent since ${since}: ${nameOf(effect)}` : null) });
    }
  };
  listeners.onJob = (job, state) => {
    const since = instant(timeline.now());
    if (state === 'queued' && !isSent(queues.remediationJobs, job.jobId))
      promise({
        within: swept,
        broken: () => (isWaiting(job) ? `Job ${job.jobId} is queued since ${since}, and nobody sent it` : null),
      });
    // What a person turned down was never sent, and there is nothing to look at.
    if ((state === 'done' || state === 'failed' || state === 'refused') && isSent(queues.remediationJobs, job.jobId))
      promise({
        within: told,
        broken: () =>
          isVerified(job, state) ? null : `Job ${job.jobId} is ${state} since ${since}, and nobody verifies it`,
      });
    const settling = `${job.jobId} ${String(job.attempt)}`;
    if (isSettled(state) && !settled.has(settling)) {
      settled.add(settling);
      const at = timeline.now();
      promise({ within: verified, broken: () => repairIsOver(simulation, job.jobId, at) });
    }
  };
  listeners.onReading = (accountKey, readAt) => {
    promise({ within: lookedAgain, broken: () => readingIsKnown(simulation, accountKey, readAt) });
  };
  simulation.truth.onTurned((key, rule) => {
    const turnedAt = timeline.now();
    if (isToBeNoticed(simulation, key, rule))
      promise({
        within: noticed,
        since: () => toldOf(simulation, key),
        broken: () => isNoticed(simulation, key, rule, turnedAt),
      });
  });

  /** Looks when the time is over; what was away by then has as long once it is back. */
  function promise(promised: Promised): void {
    timeline.after(promised.within, () => {
      const back = Math.max(weather.down.store, weather.down.broker, promised.since?.() ?? -Infinity);
      if (timeline.now() < back + promised.within) {
        promise(promised);
        return;
      }
      const broken = promised.broken();
      if (broken !== null) violations.add(broken);
    });
  }

  function sending(effect: Effect): () => boolean {
    switch (effect.kind) {
      case 'alert':
        return () => !isSent(topics.driftAlerts, effect.alert.id);
      case 'work':
        return () => !isSent(queues.auditWork, effect.messageId);
      case 'job':
        return () => stateOf(effect.job) === null || isWaiting(effect.job);
      case 'task':
        return () => !hasTask(effect.task);
    }
  }

  function hasTask({ place, topic }: RepairTask): boolean {
    const rows = simulation.store.jobs.page({ partitionKey: taskPartition }, Infinity, null);
    return rows.map(storedTask).some((task) => task.place === place && task.topic === topic);
  }

  function isWaiting(job: RemediationJob): boolean {
    return stateOf(job) === 'queued' && !job.approvalRequired && !isSent(queues.remediationJobs, job.jobId);
  }

  function stateOf({ jobId }: RemediationJob): JobState | null {
    const row = simulation.store.jobs.get(jobId.slice(0, 2), jobId);
    return row === null ? null : (row.properties['state'] as JobState);
  }

  /** All that the job concerns is looked at again; nobody tells of a job whose message was struck to the last. */
  function isVerified(job: RemediationJob, state: JobState): boolean {
    const { jobId, attempt, accounts } = job;
    const idsOf = (ended: string): readonly string[] =>
      accounts.map((_, index) => `verify:${jobId}:${String(attempt)}:${ended}:${String(index)}`);
    const isStruck = (): boolean => [...simulation.struckLast.values()].some((body) => body.includes(jobId));
    const areSent = (ended: string): boolean => idsOf(ended).every((id) => isSent(queues.auditWork, id));
    return areSent(state) || areSent('turned-down') || isStruck();
  }
}

function nameOf(effect: Effect): string {
  switch (effect.kind) {
    case 'alert':
      return `alert ${effect.alert.id}`;
    case 'work':
      return `work ${effect.messageId}`;
    case 'job':
      return `job ${effect.job.jobId}`;
    case 'task':
      return 'a task';
  }
}
