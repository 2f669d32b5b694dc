import { type Latency, type LatencyFigures, latencyStages } from '../../domain/audit/latency.ts';
import { type Plane, planes } from '../../domain/findings/finding.ts';
import { table } from './table.ts';

const titles: Readonly<Record<Plane, string>> = {
  storage: 'Storage, from events',
  directory: 'Directory, from the watch',
};

/** From the change to the alert, in order; the last two are sums. */
const names: Readonly<Record<keyof Latency, string>> = {
  delivery: 'change to notice',
  debounce: 'debounce',
  audit: 'audit',
  alert: 'alert',
  total: 'notice to alert, without debounce',
  sinceChange: 'change to alert, with debounce',
};

/** What is reckoned from the time of the change, which may be a bound. */
const sinceChange: ReadonlySet<keyof Latency> = new Set(['delivery', 'sinceChange']);

/** How long alerts took, plane by plane; null where there was none. */
export function latencySection(figures: Readonly<Record<Plane, LatencyFigures>>): string | null {
  const parts = planes.map((plane) => planeText(titles[plane], figures[plane])).filter((text) => text !== null);
  const alerts = planes.reduce((sum, plane) => sum + figures[plane].alerts, 0);
  return parts.length === 0
    ? null
    : [`Alerts handed over until the next run: ${String(alerts)}`, ...parts].join('\n\n');
}

function planeText(title: string, { alerts, atMost, stages }: LatencyFigures): string | null {
  if (stages === null) return null;
  const rows = latencyStages.map((stage) => {
    const { p50, p95, p99 } = stages[stage];
    const name = atMost > 0 && sinceChange.has(stage) ? `${names[stage]}, at most` : names[stage];
    return [name, ...[p50, p95, p99].map((milliseconds) => `${String(milliseconds)} ms`)];
  });
  const bound =
    atMost === 0
      ? ''
      : `\nOf ${String(atMost)} nobody knows when the change came, only that it came after the look before.`;
  return `${title}: ${String(alerts)}\n${table(['latency', 'p50', 'p95', 'p99'], rows)}${bound}`;
}
