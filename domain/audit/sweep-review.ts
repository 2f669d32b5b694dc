import type { Alert } from '../findings/alert.ts';
import type { Finding } from '../findings/finding.ts';
import { isFindingState } from '../findings/lifecycle.ts';
import { givenAt, holds, type Waiver } from '../findings/waiver.ts';
import { waiverText } from '../findings/waiver-text.ts';
import { isBelievable } from '../model/believable.ts';
import { rules } from '../rules/index.ts';
import { type ListedAccounts, listedAccounts, mayBeThere } from './listed-accounts.ts';
import type { FindingStore, JobStore, Outbox, RunCollections, RunStore, SweepLog, WaiverStore } from './ports.ts';

export interface ReviewStorePorts {
  readonly findings: FindingStore;
  readonly waivers: WaiverStore;
  readonly jobs: Pick<JobStore, 'malformed'>;
  readonly outbox: Outbox;
  readonly sweeps: SweepLog;
  readonly runs: RunStore;
  readonly collections: Pick<RunCollections, 'storageAccounts'>;
  readonly now: () => number;
}

const dayMs = 24 * 3_600_000;
const everyMs = 7 * dayMs;
const unusedMs = 30 * dayMs;
/** Runs that are looked at for a time that is yet to come: those come first. */
const runsBack = 5;
/** As many as a title can hold; the rest are counted. */
const named = 10;

/**
 * Once a week, says in one summary what is of no use or not understood: waivers that covered nothing for 30 days or name
 * what is not there, rows that are no waiver or no job, findings that a newer version wrote, times that are yet to come.
 */
export async function reviewStore(ports: ReviewStorePorts): Promise<readonly string[]> {
  const now = ports.now();
  const key = `review~${String(Math.floor(now / everyMs))}`;
  if (await ports.sweeps.has(key)) return [];
  const told = await tellOf(now, ports);
  if (told.length > 0) await ports.outbox.add(key, [{ kind: 'alert', alert: summaryOf(key, told, now) }]);
  await ports.sweeps.mark(key, now);
  return told;
}

/** The same, for people who ask: a sentence for each. */
export async function tellOf(
  now: number,
  ports: Omit<ReviewStorePorts, 'outbox' | 'sweeps'>,
): Promise<readonly string[]> {
  const live = (await ports.waivers.all()).map(({ waiver }) => waiver).filter((waiver) => holds(waiver, now));
  const lastUsed = new Map<string, number>();
  const newer: string[] = [];
  const ahead = (await ports.runs.latest(runsBack))
    .filter(({ startedAt }) => !isBelievable(startedAt, now))
    .map(({ id, startedAt }) => aheadText(`Run ${id} began`, startedAt));
  for await (const finding of ports.findings.list()) {
    if (!isFindingState(finding.state)) newer.push(newerText(finding));
    if (!isBelievable(finding.factsReadAt, now))
      ahead.push(aheadText(`Finding ${finding.id} rests on facts read`, finding.factsReadAt));
    const { waiver, state, changedAt } = finding;
    if (waiver === null) continue;
    lastUsed.set(waiver.id, Math.max(lastUsed.get(waiver.id) ?? 0, state === 'waived' ? now : changedAt));
  }
  const accounts = await listedAccounts(ports);
  const unneeded = live.flatMap((waiver) => {
    const why = orphanedBy(waiver, accounts) ?? unusedBy(waiver, lastUsed.get(waiver.id) ?? givenAt(waiver), now);
    return why === null ? [] : [`Waiver ${waiver.id} of ${waiverText(waiver)} ${why}`];
  });
  const malformed = (await ports.waivers.malformed()).map(
    (id) => `Row ${id} of table waivers is no waiver: it waives nothing`,
  );
  const unreadable = (await ports.jobs.malformed()).map(
    (id) =>
      `Row ${id} of table jobs is no job that can be read: nobody carries it out, and it stays until somebody removes it`,
  );
  return [...unneeded, ...malformed, ...unreadable, ...newer, ...ahead].sort();
}

function aheadText(what: string, time: number): string {
  return `${what} at ${new Date(time).toISOString()}, which is yet to come: a clock was ahead, and what is read now counts for more`;
}

function newerText({ id, state }: Finding): string {
  return `Finding ${id} is in the state "${state}", which a newer version wrote: it is left as it is`;
}

function unusedBy({ from }: Waiver, lastUsedAt: number, now: number): string | null {
  return now - Math.max(from, lastUsedAt) > unusedMs ? 'has covered nothing for 30 days' : null;
}

function orphanedBy({ scope }: Waiver, accounts: ListedAccounts | null): string | null {
  if (scope.rule !== null && !rules.some(({ id }) => id === scope.rule)) return `names a rule that is not there`;
  if (accounts === null) return null;
  if (scope.kind === 'subscription')
    return [accounts.subscriptions, accounts.unread].some((known) => known.has(scope.subscriptionId))
      ? null
      : 'names a subscription without a storage account';
  const key = scope.kind === 'account' ? scope.accountKey : scope.kind === 'finding' ? scope.key : null;
  if (key?.startsWith('/') !== true) return null;
  return mayBeThere(key, accounts) ? null : 'names an account that is not there';
}

function summaryOf(key: string, told: readonly string[], at: number): Alert {
  const rest = told.length - named;
  const more = rest > 0 ? `; and ${String(rest)} more` : '';
  return {
    id: key.replace('~', '/'),
    findingIds: [],
    transition: 'summary',
    rule: null,
    severity: 'medium',
    title: `To tidy up: ${told.slice(0, named).join('; ')}${more}`,
    accounts: [],
    actor: null,
    actorConfidence: 'unknown',
    at,
    link: 'docs/findings.md',
  };
}
