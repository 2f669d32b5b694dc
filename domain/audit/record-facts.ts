import { attributionBy, unattributed } from '../drift/attribution.ts';
import { changesBetween, type FactChange, factParts, hasRecords, partOf } from '../drift/fact-change.ts';
import { appObjectIds } from '../drift/fact-targets.ts';
import type { SeenFacts } from '../drift/fact-values.ts';
import { fingerprintOf, rememberedFacts } from '../drift/watched-facts.ts';
import type { Cause } from '../findings/finding.ts';
import { isBelievable } from '../model/believable.ts';
import type { Digest } from '../remediation/job.ts';
import { attributionWork } from './attribution-work.ts';
import type { ChangeHistory, FactStore, FactsToSave, KnownFacts, StoredFacts } from './drift-ports.ts';
import { FindingConflict, type Outbox, type RunStore } from './ports.ts';

export interface RecordFactsPorts {
  readonly watched: FactStore;
  readonly changes: ChangeHistory;
  readonly runs: RunStore;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly now: () => number;
  readonly digest: Digest;
}

export interface FactsRecording {
  readonly subscriptionId: string;
  readonly accounts: readonly { readonly accountKey: string; readonly seen: SeenFacts }[];
  readonly factsReadAt: number;
  readonly cause: Cause;
}

const attempts = 5;
const atOnce = 16;

/**
 * Keeps what an audit saw of accounts, and tells history what has changed. Nothing is written of an account whose facts are
 * as they were; one seen for the first time is a baseline without an entry. What is to be told is stored with the facts
 * that show it, so that a crash before it is told loses nothing and tells nothing twice.
 * @returns the changes that were told
 * @throws FindingConflict when somebody else was first five times.
 */
export async function recordFacts(recording: FactsRecording, ports: RecordFactsPorts): Promise<readonly FactChange[]> {
  const { subscriptionId, accounts } = recording;
  const waiting = new Map<string, readonly FactChange[]>();
  let left = accounts;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const stored = await ports.watched.of(
      subscriptionId,
      left.map(({ accountKey }) => accountKey),
    );
    const entries = await entriesFor({ ...recording, accounts: left }, stored, ports);
    const lost = new Set(entries.length === 0 ? [] : await ports.watched.save(subscriptionId, entries));
    for (const { facts, accountKey } of [...known(stored), ...entries]) {
      if (!lost.has(accountKey)) waiting.set(accountKey, facts.pending);
    }
    left = left.filter(({ accountKey }) => lost.has(accountKey));
    if (left.length > 0 && attempt === attempts) {
      throw new FindingConflict(`The facts of ${String(left.length)} accounts were written by somebody else first`);
    }
  }
  const pending = [...waiting].filter(([, changes]) => changes.length > 0);
  if (pending.length > 0) await tell(subscriptionId, new Map(pending), ports);
  return pending.flatMap(([, changes]) => changes);
}

function known(stored: ReadonlyMap<string, StoredFacts>): { accountKey: string; facts: KnownFacts }[] {
  return [...stored].map(([accountKey, { facts }]) => ({ accountKey, facts }));
}

async function entriesFor(
  { accounts, factsReadAt, cause }: FactsRecording,
  stored: ReadonlyMap<string, StoredFacts>,
  { runs, digest, now }: RecordFactsPorts,
): Promise<readonly FactsToSave[]> {
  const entries: FactsToSave[] = [];
  let lookedAt: number | null = null;
  for (const { accountKey, seen } of accounts) {
    const former = stored.get(accountKey) ?? null;
    const believed = former !== null && isBelievable(former.facts.readAt, now());
    // What was read earlier must not undo what was read later.
    if (believed && former.facts.readAt > factsReadAt) continue;
    const { values, unread } = rememberedFacts(former?.facts.values ?? {}, seen);
    const fingerprint = fingerprintOf(values, digest);
    if (believed && former.facts.fingerprint === fingerprint) continue;
    const revision = (former?.facts.revision ?? 0) + 1;
    const facts: KnownFacts = { values, unread, fingerprint, revision, readAt: factsReadAt, pending: [] };
    if (former === null) {
      entries.push({ accountKey, facts, version: null });
      continue;
    }
    lookedAt ??= await lastLook(runs, factsReadAt, cause);
    const since = Math.max(believed ? former.facts.readAt : 0, lookedAt);
    const fresh = changesOf(accountKey, former.facts, facts, { since, cause, digest });
    const pending = [...former.facts.pending, ...fresh];
    entries.push({ accountKey, facts: { ...facts, pending }, version: former.version });
  }
  return entries;
}

/** When the last whole run before this audit read its facts: what has changed since then has changed after that. */
async function lastLook(runs: RunStore, factsReadAt: number, cause: Cause): Promise<number> {
  const finished = (await runs.latest(5)).filter(
    ({ id, finishedAt, startedAt }) => id !== cause.id && finishedAt !== null && startedAt < factsReadAt,
  );
  return Math.max(0, ...finished.map(({ startedAt }) => startedAt));
}

function changesOf(
  key: string,
  before: KnownFacts,
  after: KnownFacts,
  { since, cause, digest }: { readonly since: number; readonly cause: Cause; readonly digest: Digest },
): readonly FactChange[] {
  const properties = changesBetween(before.values, after.values);
  return factParts.flatMap((part): FactChange[] => {
    const own = properties.filter(({ property }) => partOf(property) === part);
    if (own.length === 0) return [];
    return [
      {
        id: digest([key, part, before.fingerprint, after.fingerprint, String(after.revision)].join('|')).slice(0, 32),
        key,
        part,
        at: after.readAt,
        since,
        properties: own,
        cause,
        // An event tells of a write to Azure; what it claims of its sender says nothing about Entra.
        attribution: part === 'directory' ? unattributed : attributionBy(cause),
        objectIds: part === 'directory' ? appObjectIds(own, before.values, after.values) : [],
      },
    ];
  });
}

/** History first, then the search for who did it, and only then it counts as told. */
async function tell(
  subscriptionId: string,
  waiting: ReadonlyMap<string, readonly FactChange[]>,
  { watched, changes, outbox, now, digest }: RecordFactsPorts,
): Promise<void> {
  const all = [...waiting.values()].flat();
  for (let start = 0; start < all.length; start += atOnce) {
    await Promise.all(all.slice(start, start + atOnce).map((change) => changes.append(change)));
  }
  const sought = all.filter(hasRecords);
  const searches = sought.map((change) => ({ kind: 'work' as const, ...attributionWork(change, 1, now(), digest) }));
  // Through the outbox: an audit does not fail because the broker cannot be reached.
  if (searches.length > 0) {
    await outbox.add(`changes~${digest(sought.map(({ id }) => id).join()).slice(0, 32)}`, searches);
  }
  const stored = await watched.of(subscriptionId, [...waiting.keys()]);
  const told = new Set(all.map(({ id }) => id));
  const entries = [...stored].map(([accountKey, { facts, version }]) => ({
    accountKey,
    facts: { ...facts, pending: facts.pending.filter(({ id }) => !told.has(id)) },
    version,
  }));
  // Who was first has told the same, or tells it again, which changes nothing.
  await watched.save(subscriptionId, entries);
}
