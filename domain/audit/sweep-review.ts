import type { Alert } from '../findings/alert.ts';
import type { Finding } from '../findings/finding.ts';
import { isFindingState } from '../findings/lifecycle.ts';
import { givenAt, holds, type Waiver } from '../findings/waiver.ts';
import { waiverText } from '../findings/waiver-text.ts';
import { rules } from '../rules/index.ts';
import type { FindingStore, Outbox, RunCollections, RunStore, SweepLog, WaiverStore } from './ports.ts';

export interface ReviewStorePorts {
  readonly findings: FindingStore;
  readonly waivers: WaiverStore;
  readonly outbox: Outbox;
  readonly sweeps: SweepLog;
  readonly runs: RunStore;
  readonly collections: Pick<RunCollections, 'storageAccounts'>;
  readonly now: () => number;
}

const dayMs = 24 * 3_600_000;
const everyMs = 7 * dayMs;
const unusedMs = 30 * dayMs;
/** As many as a title can hold; the rest are counted. */
const named = 10;

/**
 * Once a week, says in one summary what is of no use or not understood: waivers that covered nothing for 30 days or name
 * what is not there, rows that are no waiver, findings that a newer version wrote.
 */
export async function reviewStore(ports: ReviewStorePorts): Promise<readonly string[]> {
  const now = ports.now();
  const key = `review~${String(Math.floor(now / everyMs))}`;
  if (await ports.sweeps.has(key)) return [];
  const told = await tellOf(now, ports);
  if (told.length > 0) await ports.outbox.add(key, [{ kind: 'alert', alert: summaryOf(key, told, now) }]);
  await ports.sweeps.mark(key);
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
  for await (const finding of ports.findings.list()) {
    if (!isFindingState(finding.state)) newer.push(newerText(finding));
    const { waiver, state, changedAt } = finding;
    if (waiver === null) continue;
    lastUsed.set(waiver.id, Math.max(lastUsed.get(waiver.id) ?? 0, state === 'waived' ? now : changedAt));
  }
  const accounts = await accountsOfLatestRun(ports);
  const unneeded = live.flatMap((waiver) => {
    const why = orphanedBy(waiver, accounts) ?? unusedBy(waiver, lastUsed.get(waiver.id) ?? givenAt(waiver), now);
    return why === null ? [] : [`Waiver ${waiver.id} of ${waiverText(waiver)} ${why}`];
  });
  const malformed = (await ports.waivers.malformed()).map(
    (id) => `Row ${id} of table waivers is no waiver: it waives nothing`,
  );
  return [...unneeded, ...malformed, ...newer].sort();
}

function newerText({ id, state }: Finding): string {
  return `Finding ${id} is in the state "${state}", which a newer version wrote: it is left as it is`;
}

function unusedBy({ from }: Waiver, lastUsedAt: number, now: number): string | null {
  return now - Math.max(from, lastUsedAt) > unusedMs ? 'has covered nothing for 30 days' : null;
}

/** Keys and subscriptions of all accounts there are; null where that is not known for sure. */
interface Accounts {
  readonly keys: ReadonlySet<string>;
  readonly subscriptions: ReadonlySet<string>;
}

function orphanedBy({ scope }: Waiver, accounts: Accounts | null): string | null {
  if (scope.rule !== null && !rules.some(({ id }) => id === scope.rule)) return `names a rule that is not there`;
  if (accounts === null) return null;
  if (scope.kind === 'subscription')
    return accounts.subscriptions.has(scope.subscriptionId) ? null : 'names a subscription without a storage account';
  const key = scope.kind === 'account' ? scope.accountKey : scope.kind === 'finding' ? scope.key : null;
  if (key?.startsWith('/') !== true) return null;
  return accounts.keys.has(key) ? null : 'names an account that is not there';
}

/** Absence counts only in a list that was read whole (law 3). */
async function accountsOfLatestRun({
  runs,
  collections,
}: Pick<ReviewStorePorts, 'runs' | 'collections'>): Promise<Accounts | null> {
  const [run] = await runs.latest(1);
  if (run === undefined) return null;
  const accounts = await collections.storageAccounts(run.id).catch(() => null);
  if (accounts?.state !== 'known') return null;
  return {
    keys: new Set(accounts.items.map(({ key }) => key)),
    subscriptions: new Set(accounts.items.map(({ subscriptionId }) => subscriptionId.toLowerCase())),
  };
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
    at,
    link: 'docs/findings.md',
  };
}
