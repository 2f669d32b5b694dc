import type { Settings } from '../model/settings.ts';
import type { SweepLog } from './ports.ts';
import { purge, type Purged, type PurgePorts } from './purge.ts';

export interface SweepPurgePorts extends PurgePorts {
  readonly sweeps: SweepLog;
}

const kinds: Readonly<Record<keyof Purged, string>> = {
  history: 'history',
  runs: 'audit runs',
  inbox: 'the inbox',
  jobs: 'remediation jobs',
  tasks: 'manual tasks',
  closedFindings: 'closed findings',
  accounts: 'accounts that are gone',
  marks: 'what sweeps said once',
};

/** Purges once a day (UTC), and again with the next sweep for as long as something is left over: it looks through whole tables. */
export async function purgeDaily(settings: Settings, ports: SweepPurgePorts): Promise<readonly string[]> {
  const now = ports.now();
  const key = `purge~${new Date(now).toISOString().slice(0, 10)}`;
  if (await ports.sweeps.has(key)) return [];
  const purged = await purge(ports, settings);
  const entries = Object.entries(purged) as [keyof Purged, Purged[keyof Purged]][];
  if (entries.every(([, { more }]) => !more)) await ports.sweeps.mark(key, now);
  return entries.flatMap(([kind, { rows, more }]) =>
    rows === 0
      ? []
      : [`Retention: removed ${String(rows)} rows of ${kinds[kind]}${more ? ', and there are more' : ''}`],
  );
}
