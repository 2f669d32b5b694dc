import type { InvocationContext } from '@azure/functions';

import { auditWork } from '../../functions/audit-work.ts';
import { deliverAlert } from '../../functions/deliver-alert.ts';
import { directoryWatch } from '../../functions/directory-watch.ts';
import { dispatchOutbox } from '../../functions/dispatch-outbox.ts';
import { nightlyAudit } from '../../functions/nightly-audit.ts';
import { remediationResults } from '../../functions/remediation-results.ts';
import { remediate } from '../../functions/remediate.ts';
import { provide } from '../../functions/services.ts';
import { storageAccountChanged } from '../../functions/storage-account-changed.ts';
import { sweep } from '../../functions/sweep.ts';
import { withdrawJobs } from '../../functions/withdraw-jobs.ts';
import { queues, topics } from '../../infra/names.ts';
import { idle } from './actors/consumers.ts';
import type { Delivery } from './broker/queue.ts';
import { composeFor } from './compose.ts';
import { createInstance, type Instance, type Outcome, type Task } from './instance.ts';
import type { Simulation } from './simulation.ts';
import { longestSkew } from './weather.ts';
import { type AccountEvent, eventGridEvent } from './tenant/event.ts';
import { checkOutcome } from './unexpected.ts';

/** The deployed product: instances of both apps, their triggers and timers. */
export interface App {
  readonly auditors: readonly Instance[];
  /** Where people decide on jobs. */
  readonly remediators: readonly Instance[];
  /** Where people run commands. */
  readonly desk: Instance;
}

const minute = 60_000;
const hour = 60 * minute;
const timer = {
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
};
/** As many invocations as one instance runs at once. */
const atOnce = 8;
/** Of five deliveries the last. */
const lastDelivery = 4;

export function startApp(simulation: Simulation): App {
  const { nightlyAt, timeline, random, weather, trace, counts, broker } = simulation;
  const instance = (name: string, slowness = 1): Instance =>
    createInstance(name, {
      slowness,
      skew: random.between(-longestSkew, longestSkew),
      timeline,
      random,
      trace,
      counts,
      compose: (slot) => composeFor(slot, simulation),
    });
  const auditors = [instance('auditor-1'), instance('auditor-2')];
  const remediators = [instance('remediator-1'), instance('remediator-2')];

  listen(queues.auditWork, auditors, (message, _, context) => auditWork(message, context));
  listen(topics.driftAlerts, auditors, async (message, _, context) => {
    await deliverAlert('webhook')(message, context);
  });
  listen(queues.remediationJobs, remediators, (message, _, context) => {
    if (!simulation.hasIdleConsumer) return remediate(message, context);
    idle(simulation, message);
    return Promise.resolve();
  });
  listen(queues.remediationResults, auditors, (message, _, context) => remediationResults(message, context));

  every('nightly-audit', 24 * 60 * minute, nightlyAt, (context) => nightlyAudit(timer, context));
  every('directory-watch', 15 * minute, 0, (context) => directoryWatch(timer, context));
  every('dispatch-outbox', 5 * minute, 0, (context) => dispatchOutbox(timer, context));
  every('sweep', 30 * minute, minute / 2, (context) => sweep(timer, context));
  every('withdraw-jobs', 60 * minute, 23 * minute, (context) => withdrawJobs(timer, context), remediators);
  simulation.listeners.onEvent = raise;
  return { auditors, remediators, desk: instance('desk', 10) };

  /** Runs one of the product's own handlers with the services of the invocation. */
  function handled(handler: (context: InvocationContext) => Promise<unknown>): Task['run'] {
    return (slot, context) => {
      provide(() => Promise.resolve(slot.services));
      return handler(context);
    };
  }

  function ready(instances: readonly Instance[]): Instance | null {
    const able = instances.filter((one) => one.isUp() && one.running() < atOnce);
    return able.length === 0 ? null : random.pick(able);
  }

  function listen(
    name: string,
    instances: readonly Instance[],
    handler: (message: unknown, delivery: Delivery, context: InvocationContext) => Promise<unknown>,
  ): void {
    const queue = broker.queues.get(name);
    if (queue === undefined) throw new RangeError(`No queue ${name}`);
    queue.onReady(() => {
      timeline.after(weather.calm ? 10 : random.between(5, 1500), pump);
    });

    function pump(): void {
      if (!weather.calm && timeline.now() < weather.down.broker && !weather.mute.has('broker')) {
        timeline.at(weather.down.broker, pump);
        return;
      }
      const chosen = ready(instances);
      if (chosen === null) {
        timeline.after(500, pump);
        return;
      }
      const delivery = queue?.receive() ?? null;
      if (delivery === null) return;
      const { message, failedBefore } = delivery;
      const isLast = failedBefore >= lastDelivery;
      chosen.start({
        what: `${name} ${message.messageId.slice(0, 60)}, delivery ${String(failedBefore + 1)}`,
        failedBefore,
        isSpared: isLast && !random.chance(weather.lastStruck),
        metadata: {
          deliveryCount: failedBefore + 1,
          messageId: message.messageId,
          applicationProperties: message.applicationProperties,
        },
        run: handled((context) => handler(JSON.parse(message.body), delivery, context)),
        ended(outcome) {
          checkOutcome(simulation, name, outcome);
          // Now it may end in the dead letters, for somebody to look at; nothing else may.
          if (isLast && (outcome.kind === 'crashed' || (outcome.kind === 'failed' && outcome.disturbed)))
            simulation.struckLast.set(message.messageId, message.body);
          if (outcome.kind === 'done') delivery.complete();
          else if (outcome.kind === 'failed') delivery.abandon();
          // Nobody says that it ended: its lock runs out.
          else timeline.after(random.between(0, 5 * minute), delivery.abandon);
        },
      });
    }
  }

  function every(
    name: string,
    period: number,
    offset: number,
    handler: (context: InvocationContext) => Promise<unknown>,
    instances = auditors,
  ): void {
    let isRunning = false;
    const tick = (): void => {
      // In calm days there is little to look for, and most of a simulation is calm.
      timeline.after(weather.calm && period < hour ? 2 * period : period, tick);
      const chosen = ready(instances);
      // The platform does not start a timer whose last run has not ended, nor one on a host that is down.
      if (chosen === null || isRunning) return;
      isRunning = true;
      chosen.start({
        what: name,
        failedBefore: 0,
        run: handled(handler),
        ended(outcome: Outcome) {
          checkOutcome(simulation, name, outcome);
          isRunning = false;
        },
      });
    };
    timeline.at(Math.ceil((timeline.now() - offset) / period) * period + offset, tick);
  }

  /** Event Grid delivers at least once, in no order, and tries again until somebody takes it. */
  function raise(event: AccountEvent): void {
    const times = 1 + Number(random.chance(weather.twice));
    for (let time = 0; time < times; time += 1) {
      const isLate = !weather.calm && random.chance(weather.hoursLate);
      const late = isLate ? random.between(10, 6 * 60) * minute : random.between(500, 30_000);
      const { name } = event.account;
      simulation.toldBy.set(name, Math.max(simulation.toldBy.get(name) ?? 0, timeline.now() + late));
      timeline.after(late, () => {
        offer(event);
      });
    }
  }

  function offer(event: AccountEvent): void {
    const again = (): void => {
      timeline.after(random.between(10_000, 5 * minute), () => {
        offer(event);
      });
    };
    const chosen = ready(auditors);
    if (chosen === null) {
      again();
      return;
    }
    chosen.start({
      what: `event ${event.id.slice(0, 8)} of ${new Date(event.at).toISOString()}: ${event.kind} ${event.account.name}`,
      failedBefore: 0,
      run: handled((context) => storageAccountChanged(eventGridEvent(event), context)),
      ended(outcome) {
        checkOutcome(simulation, 'storage-account-changed', outcome);
        if (outcome.kind !== 'done') again();
      },
    });
  }
}
