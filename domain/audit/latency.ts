import type { ChangedAtKind, Plane } from '../findings/finding.ts';

/** How long one alert took from the change it tells of. Times are epoch milliseconds. */
export interface AlertTimes {
  readonly alertId: string;
  readonly channel: string;
  readonly plane: Plane;
  /** When the change came, or when it had not come yet: then all that is reckoned from it is an "at most". */
  readonly changedAt: number;
  readonly changedAtIs: ChangedAtKind;
  /** When the event was received or the watch saw the change, and when the debounce that it began was over. */
  readonly receivedAt: number;
  readonly dueAt: number;
  /** When the finding was stored. */
  readonly storedAt: number;
  readonly handedOverAt: number;
}

/**
 * What the way is made of, milliseconds. `total` is from the event's receipt, or the watch's look, to the alert, debounce
 * left out; `sinceChange` is all of it, from the change to the alert.
 */
export interface Latency {
  readonly delivery: number;
  readonly debounce: number;
  readonly audit: number;
  readonly alert: number;
  readonly total: number;
  readonly sinceChange: number;
}

export const latencyStages = [
  'delivery',
  'debounce',
  'audit',
  'alert',
  'total',
  'sinceChange',
] as const satisfies readonly (keyof Latency)[];

/** Clocks differ, and step back: no part of the way takes less than no time. */
export function latencyOf({ changedAt, receivedAt, dueAt, storedAt, handedOverAt }: AlertTimes): Latency {
  const begun = Math.max(receivedAt, dueAt);
  const audit = Math.max(0, storedAt - begun);
  const alert = Math.max(0, handedOverAt - storedAt);
  return {
    delivery: Math.max(0, receivedAt - changedAt),
    debounce: begun - receivedAt,
    audit,
    alert,
    total: audit + alert,
    sinceChange: Math.max(0, handedOverAt - changedAt),
  };
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface LatencyFigures {
  readonly alerts: number;
  /** Of how many nobody knows when the change came: their `delivery` and `sinceChange` are bounds. */
  readonly atMost: number;
  /** null without an alert. */
  readonly stages: Readonly<Record<keyof Latency, Percentiles>> | null;
}

/** Percentiles of each part of the way, milliseconds. */
export function latencyFigures(times: readonly AlertTimes[]): LatencyFigures {
  if (times.length === 0) return { alerts: 0, atMost: 0, stages: null };
  const latencies = times.map(latencyOf);
  const of = (stage: keyof Latency): Percentiles => percentiles(latencies.map((latency) => latency[stage]));
  return {
    alerts: times.length,
    atMost: times.filter(({ changedAtIs }) => changedAtIs === 'not-before').length,
    stages: {
      delivery: of('delivery'),
      debounce: of('debounce'),
      audit: of('audit'),
      alert: of('alert'),
      total: of('total'),
      sinceChange: of('sinceChange'),
    },
  };
}

/** The same for each plane, since a storage event is delivered and the directory is looked at. */
export function latencyByPlane(times: readonly AlertTimes[]): Readonly<Record<Plane, LatencyFigures>> {
  const of = (plane: Plane): LatencyFigures => latencyFigures(times.filter((each) => each.plane === plane));
  return { storage: of('storage'), directory: of('directory') };
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
