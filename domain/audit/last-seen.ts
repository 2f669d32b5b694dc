import type { Finding } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { isBelievable } from '../model/believable.ts';
import type { CollectionName } from '../model/collection.ts';
import { type Coverage, placeOfScope, wholeTenant } from '../model/coverage.ts';
import { rules } from '../rules/index.ts';
import type { AccountReads, RunStore } from './ports.ts';
import type { Run } from './run.ts';

export interface LastSeenPorts {
  readonly runs: Pick<RunStore, 'latest' | 'coverage'>;
  readonly accountReads: Pick<AccountReads, 'of'>;
  readonly now: () => number;
}

/** Runs that are looked at for one that covered the finding. */
const runsBack = 30;

/**
 * Tells of findings when their fault was last seen, epoch milliseconds (law 5: it is not written): the facts that it rests on,
 * the last finished run that read all it takes to judge it, or a reading of its account alone, whichever is latest. Null
 * for a closed one, whose closing says it, and where no time can be right. What is read of the store is read once.
 */
export function lastSeen(ports: LastSeenPorts): (finding: Finding) => Promise<number | null> {
  const ledgers = new Map<string, Promise<readonly Coverage[]>>();
  const reads = new Map<string, Promise<ReadonlyMap<string, number>>>();
  let runs: Promise<readonly Run[]> | null = null;

  function finishedRuns(): Promise<readonly Run[]> {
    runs ??= ports.runs
      .latest(runsBack)
      .then((latest) => latest.filter((run) => run.finishedAt !== null && isBelievable(run.startedAt, ports.now())));
    return runs;
  }

  async function byRuns(finding: Finding): Promise<number | null> {
    for (const run of await finishedRuns()) {
      const ledger = await known(ledgers, run.id, () => ports.runs.coverage(run.id));
      if (covers(run, ledger, finding)) return run.startedAt;
    }
    return null;
  }

  async function byReading({ account }: Finding): Promise<number | null> {
    if (account === null) return null;
    const { subscriptionId, key } = account;
    const read = await known(reads, subscriptionId, () => ports.accountReads.of(subscriptionId));
    return read.get(key) ?? null;
  }

  return async (finding) => {
    if (!isFaulty(finding.state)) return null;
    const times = [finding.factsReadAt, await byRuns(finding), await byReading(finding)];
    const right = times.filter((time) => time !== null && isBelievable(time, ports.now()));
    return right.reduce<number | null>((latest, time) => (time === null ? latest : Math.max(latest ?? 0, time)), null);
  };
}

/** Whether the run read all that the finding's rule needs, there where its account lies, and did not leave that out. */
function covers({ gaps, tally }: Run, ledger: readonly Coverage[], finding: Finding): boolean {
  const rule = rules.find(({ id }) => id === finding.rule);
  if (rule === undefined || ledger.length === 0) return false;
  const { account, id } = finding;
  if (account !== null && tally !== null && isLeftOut(id, tally.vanished.outOfScope)) return false;
  const isNear = (place: string): boolean =>
    account === null || place === wholeTenant || place === account.subscriptionId.toLowerCase();
  const needs: readonly CollectionName[] = account === null ? rule.needs : ['storage-accounts', ...rule.needs];
  if (gaps.some(({ collection, scope }) => needs.includes(collection) && isNear(placeOfScope(scope)))) return false;
  return needs.every((name) => {
    const entries = ledger.filter(({ collection, place }) => collection === name && isNear(place));
    const isListed =
      name !== 'storage-accounts' || account === null || entries.some(({ place }) => place !== wholeTenant);
    return entries.length > 0 && isListed && entries.every((entry) => entry.gaps.length === 0);
  });
}

/** A run names the first of those it leaves out, by name; of what comes after the last that it names nobody knows. */
function isLeftOut(
  findingId: string,
  { count, findings }: NonNullable<Run['tally']>['vanished']['outOfScope'],
): boolean {
  const isCut = count > findings.length;
  return findings.includes(findingId) || (isCut && findingId > (findings.at(-1) ?? ''));
}

function known<T>(read: Map<string, Promise<T>>, key: string, look: () => Promise<T>): Promise<T> {
  const answer = read.get(key) ?? look();
  read.set(key, answer);
  return answer;
}
