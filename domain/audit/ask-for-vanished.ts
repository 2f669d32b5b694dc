import { isBelievable } from '../model/believable.ts';
import type { Coverage } from '../model/coverage.ts';
import { type Collection, itemsOf } from '../model/collection.ts';
import type { Settings } from '../model/settings.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import { inScope } from './evaluate.ts';
import type { FindingStore, FormerKeys, Messages } from './ports.ts';
import { storedAccounts } from './stored-accounts.ts';
import type { AccountLinks } from './watch-ports.ts';
import { noneVanished, type Vanished } from './run.ts';

/** A subscription that was emptied must not crowd out the night's shards; the rest is asked for in the next run. */
const askedPerRun = 200;
const namedPerRun = 20;

export interface AskForVanishedPorts {
  readonly findings: FindingStore;
  readonly accountLinks: Pick<AccountLinks, 'all' | 'removed'>;
  readonly formerKeys: FormerKeys;
  readonly messages: Messages;
  readonly digest: Digest;
  readonly now: () => number;
}

export interface AskForVanishedInput {
  readonly runId: string;
  readonly settings: Settings;
  /** When the run's list was read, epoch milliseconds: what was judged by younger facts was there since. */
  readonly listedAt: number;
  /** The run's ledger: which subscriptions were listed whole, and which were asked for at all. */
  readonly coverage: readonly Coverage[];
  /** All accounts of the run; asked for where there is a finding to compare with. */
  readonly accounts: () => Promise<Collection<StorageAccount>>;
}

/**
 * Looks for accounts that the store knows and that are not in the run's list. Absence from the complete list of a subscription is
 * asked about once more: an audit of that account is queued, where a 404 closes its findings and anything else does not
 * (law 3). An account found under another id is remembered as moved, so that its history goes on.
 */
export async function askForVanished(
  { runId, settings, listedAt, coverage, accounts }: AskForVanishedInput,
  ports: AskForVanishedPorts,
): Promise<Vanished> {
  // A run that was planned by a version without a ledger cannot tell what it listed whole.
  if (coverage.length === 0) return noneVanished;
  const ledger = new Map(
    coverage.filter(({ collection }) => collection === 'storage-accounts').map((entry) => [entry.place, entry]),
  );
  const now = ports.now();
  let list: AccountList | null = null;
  /** Ids by key. */
  const absent = new Map<string, string>();
  const compared = new Set<string>();
  let moved = 0;
  const outOfScope: string[] = [];
  for await (const { id, key, name, subscriptionId, host, readAt, findingId, isOpen } of storedAccounts(ports)) {
    if (readAt >= listedAt && isBelievable(readAt, now)) continue;
    list ??= listOf(await accounts());
    const entry = ledger.get(subscriptionId);
    const seen = list.byKey.get(key);
    const isLeftOut = entry === undefined || (seen !== undefined && !inScope(seen, settings));
    if (isOpen && findingId !== null && isLeftOut) outOfScope.push(findingId);
    if (seen !== undefined) continue;
    const elsewhere = list.byName.get(name);
    if (elsewhere?.host === host && !compared.has(key)) {
      compared.add(key);
      if (await ports.formerKeys.record(elsewhere.key, key)) moved += 1;
    }
    if (isOpen && entry?.gaps.length === 0) absent.set(key, id);
  }
  // In another order each night, so that accounts of which nobody can tell keep none waiting for ever.
  const asked = [...absent]
    .map(([key, id]) => ({ id, messageId: ports.digest(`${runId}|vanished|${key}`) }))
    .sort((a, b) => (a.messageId < b.messageId ? -1 : 1))
    .slice(0, askedPerRun);
  await ask(asked, runId, ports);
  return {
    asked: asked.length,
    waiting: absent.size - asked.length,
    moved,
    outOfScope: { count: outOfScope.length, findings: outOfScope.sort().slice(0, namedPerRun) },
  };
}

interface AccountList {
  readonly byKey: ReadonlyMap<string, StorageAccount>;
  /** Names are unique in the whole cloud. */
  readonly byName: ReadonlyMap<string, StorageAccount>;
}

function listOf(accounts: Collection<StorageAccount>): AccountList {
  const items = itemsOf(accounts);
  return {
    byKey: new Map(items.map((account) => [account.key, account])),
    byName: new Map(items.map((account) => [account.name.toLowerCase(), account])),
  };
}

async function ask(
  accounts: readonly { readonly id: string; readonly messageId: string }[],
  runId: string,
  ports: AskForVanishedPorts,
): Promise<void> {
  if (accounts.length === 0) return;
  await ports.messages.auditWork(
    accounts.map(({ id, messageId }) => ({
      messageId,
      work: {
        kind: 'account',
        accountId: id,
        cause: { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } },
      },
      notBefore: null,
    })),
  );
}
