import type { Settings } from '../../domain/model/settings.ts';
import type { RemediationJob } from '../../domain/remediation/job.ts';
import { DuplicateWindow } from '../../infra/local/service-bus/duplicate-window.ts';
import { createSimulatedBroker, type SimulatedBroker } from './broker/broker.ts';
import { type Counts, noCounts } from './counts.ts';
import { createGate, type Gate } from './gate.ts';
import { createRandom, type Random } from './random.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { createSimulatedStore, type SimulatedStore } from './store/store.ts';
import type { AccountEvent } from './tenant/event.ts';
import type { TenantWrite } from './tenant/executor.ts';
import { createReadings, type Readings } from './tenant/readings.ts';
import type { RunFiles } from './tenant/run-collections.ts';
import { createTenant, type Tenant } from './tenant/tenant.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createTrace, type Trace } from './trace.ts';
import { settingsOf } from './seed-settings.ts';
import { createTruth, type Truth } from './truth.ts';
import { createViolations } from './violations.ts';
import { createWeather, type Weather } from './weather.ts';
import { stepInWords } from './step-in-words.ts';
import { createWitness, type Witness, type WitnessListeners } from './witness.ts';
import type { Wrong } from './wrong/wrong.ts';

/** Everything that a simulation is made of. */
export interface Simulation {
  readonly start: number;
  /** When the nightly audit begins, in milliseconds after midnight. */
  readonly nightlyAt: number;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly weather: Weather;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly gate: Gate;
  readonly store: SimulatedStore;
  readonly broker: SimulatedBroker;
  readonly tenant: Tenant;
  readonly readings: Readings;
  readonly files: RunFiles;
  readonly receiver: Receiver;
  readonly truth: Truth;
  readonly witness: Witness;
  readonly wrong: Wrong;
  readonly settings: Settings;
  /** What did not hold, a sentence for each. */
  readonly violations: ReturnType<typeof createViolations>;
  /** Messages whose last delivery was struck, with their bodies, by id. */
  readonly struckLast: Map<string, string>;
  /** Ids of messages that nobody of the product sent. */
  readonly forged: Set<string>;
  /** For each job and attempt that wrote, how much had been done to the tenant when it had. */
  readonly jobWrites: Map<string, number>;
  /** Every write of the remediator by a job. */
  readonly written: Written[];
  /** When the last event about an account comes, by the account's name. */
  readonly toldBy: Map<string, number>;
  /** When a person let an action go on, by action. */
  readonly releasedAt: Map<string, number>;
  /** Whether a consumer of the customer takes the jobs, and does nothing. */
  readonly hasIdleConsumer: boolean;
  readonly listeners: WitnessListenersOf & {
    onEvent: (event: AccountEvent) => void;
    onTenantWrite: (write: TenantWrite) => void;
    onTenantWritten: () => void;
  };
}

/** A write of the remediator, and whose it was. */
export interface Written {
  readonly job: RemediationJob;
  readonly at: number;
  /** Its place in the journal. */
  readonly step: number;
}
type WitnessListenersOf = {
  -readonly [Name in Exclude<keyof WitnessListeners, 'onTransition'>]: WitnessListeners[Name];
};

/** Days on which something is apt to go wrong: ends of months, of a year, of a February; and an ordinary one. */
const starts = ['2027-02-26', '2026-12-30', '2027-04-29', '2028-02-27', '2026-11-21'] as const;

export function createSimulation(seed: number, wrong: Wrong, write: ((line: string) => void) | null): Simulation {
  const random = createRandom(seed);
  const start = Date.parse(`${random.pick(starts)}T12:00:00Z`) + random.between(0, 10 * 3_600_000);
  const timeline = createTimeline(start);
  const { now } = timeline;
  const trace = createTrace(now, write);
  const weather = createWeather(random);
  const counts = noCounts();
  const listeners: Simulation['listeners'] = {
    onEvent: () => undefined,
    onRunFinished: () => undefined,
    onOutbox: () => undefined,
    onJob: () => undefined,
    onReading: () => undefined,
    onTenantWrite: () => undefined,
    onTenantWritten: () => undefined,
  };
  const tenant = createTenant(random.between(3, 8), {
    timeline,
    random,
    longestReadLag: random.pick([0, 0, 60_000, 240_000]),
    onAccountChanged: (event) => {
      wrong.onEvent?.(event);
      listeners.onEvent(event);
    },
  });
  const witness = createWitness({
    now,
    onRunFinished: (run) => {
      listeners.onRunFinished(run);
    },
    onTransition: (seen) => {
      if (trace.isOn) trace.say('finding', stepInWords(seen));
    },
    onOutbox: (effects) => {
      listeners.onOutbox(effects);
    },
    onJob: (job, state) => {
      listeners.onJob(job, state);
    },
    onReading: (accountKey, readAt) => {
      listeners.onReading(accountKey, readAt);
    },
  });
  return {
    start,
    nightlyAt: random.pick([120, 5, 24 * 60 - 2]) * 60_000,
    timeline,
    random,
    weather,
    trace,
    counts,
    gate: createGate({ timeline, random, weather, trace, counts }),
    store: createSimulatedStore({ now, onWrite: witness.onWrite }),
    broker: createSimulatedBroker({
      now,
      at: timeline.at,
      memory: wrong.memory ?? ((windowMs) => new DuplicateWindow(windowMs)),
      choose: (count) => random.between(0, count - 1),
    }),
    tenant,
    readings: createReadings({ tenant, random, weather }),
    files: { captured: new Map(), shards: new Map(), services: new Map() },
    receiver: createReceiver(now),
    truth: createTruth(tenant, { timeline }),
    witness,
    wrong,
    settings: settingsOf(random),
    violations: createViolations(now),
    struckLast: new Map(),
    forged: new Set(),
    jobWrites: new Map(),
    written: [],
    toldBy: new Map(),
    releasedAt: new Map(),
    hasIdleConsumer: random.chance(0.05),
    listeners,
  };
}
