import type { Alert } from '../findings/alert.ts';
import { noSubscription } from '../findings/place.ts';
import type { Tally } from './run.ts';

/** What every alert of a run is. */
const told = {
  findingIds: [],
  transition: 'summary',
  rule: null,
  accounts: [],
  actor: null,
  actorConfidence: 'unknown',
  link: 'docs/getting-started.md',
} as const satisfies Partial<Alert>;

/** Ids that a title names. */
const named = 5;

/** What a first audit found, told once. @param at epoch milliseconds */
export function summary(runId: string, total: Tally, baseline: ReadonlySet<string>, at: number): Alert {
  const subscriptions = baseline.size - Number(baseline.has(noSubscription));
  const audited =
    subscriptions === 0
      ? "the tenant's own settings"
      : `${String(subscriptions)} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`;
  return {
    ...told,
    id: `run/${runId}`,
    severity: total.worst ?? 'info',
    title:
      `First audit of ${audited}: ` +
      `${String(total.baselined)} findings are open. From now on each change is told on its own.`,
    at,
  };
}

/** That a run was ended without some of its shards. @param undone their subscriptions, `-` for the tenant */
export function unfinished(runId: string, shards: number, undone: ReadonlySet<string>, at: number): Alert {
  const places = [...undone].sort().map((id) => (id === noSubscription ? 'the tenant' : `subscription ${id}`));
  const more = places.length > named ? ` and ${String(places.length - named)} more` : '';
  return {
    ...told,
    id: `run/${runId}/unfinished`,
    severity: 'high',
    title:
      `Run ${runId} was ended without ${String(shards)} of its shards: ${places.slice(0, named).join(', ')}${more} ` +
      'could not be audited. What is found there stays as it was; the log of audit-work says why they failed.',
    at,
  };
}
