import { isFaulty } from '../findings/lifecycle.ts';
import { placeOf } from '../findings/place.ts';
import type { Observation } from '../findings/reduce.ts';
import { type Collection, unavailable } from '../model/collection.ts';
import { isPassingGap } from '../model/passing-gap.ts';
import type { FileService } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import { accountRules } from '../rules/index.ts';
import { auditAlone, type AuditAlonePorts } from './audit-alone.ts';
import type { FindingStore, FreshFacts } from './ports.ts';
import type { Shard } from './work.ts';

export interface LeaveChangedPorts extends AuditAlonePorts {
  readonly facts: Pick<FreshFacts, 'account'>;
  readonly findings: Pick<FindingStore, 'read'>;
  readonly now: () => number;
}

interface Judged {
  readonly account: StorageAccount;
  readonly observations: readonly Observation[];
}

/**
 * A first audit tells of nothing one by one: only one that comes late is worth more requests, and an account that shows no
 * file service at all, as one does that is gone by now.
 */
const lateMs = 10 * 60_000;
/** Reads of single accounts that are under way at once. */
const atOnce = 8;

const byFileService = new Set(accountRules.filter(({ needs }) => needs.includes('file-services')).map(({ id }) => id));

/**
 * Leaves accounts to an audit of their own that have changed between the list of the run and their shard. A shard reads file
 * services when its turn comes, hours after the list at the worst: what an account of then and a file service of now show
 * together may never have been. It is believed where it is known already, or where both, read at once, show the same; where
 * no file service shows anything new, nothing is read. Of an account that nobody may read any more the rest counts.
 * @param judge what file services show of an account
 * @returns the others, with what is seen of them
 */
export async function leaveChanged(
  { runId, subscriptionId, baseline, factsReadAt }: Shard,
  judged: readonly Judged[],
  judge: (account: StorageAccount, fileServices: Collection<FileService>) => readonly Observation[],
  ports: LeaveChangedPorts,
): Promise<readonly Judged[]> {
  const isFirstInTime = baseline && ports.now() - factsReadAt <= lateMs;
  const faulty = judged.filter(({ observations }) =>
    faultsOf(observations).some((fault) => !isFirstInTime || fault.includes('|unknown|')),
  );
  if (faulty.length === 0) return judged;
  const known = await knownFaults(
    subscriptionId,
    faulty.map(({ account }) => account.key),
    ports.findings,
  );
  const news = faulty.filter(({ account, observations }) =>
    faultsOf(observations).some((fault) => !known.has(`${account.key}|${fault}`)),
  );
  const looked = new Map<string, Judged | null>();
  for (let start = 0; start < news.length; start += atOnce) {
    await Promise.all(
      news.slice(start, start + atOnce).map(async (one) => {
        looked.set(one.account.key, await again(one));
      }),
    );
  }
  const left = news.map(({ account }) => account).filter(({ key }) => looked.get(key) === null);
  await auditAlone(left, { runId, why: 'changed', notBefore: null }, ports);
  return judged.flatMap((one) => {
    const seen = looked.get(one.account.key);
    return seen === undefined ? one : (seen ?? []);
  });

  /** Null: it is left to an audit of its own. */
  async function again(one: Judged): Promise<Judged | null> {
    const { account, observations } = one;
    const reading = await ports.facts.account(account.id);
    switch (reading.state) {
      case 'found': {
        const now = faultsOf(judge(reading.account, reading.fileServices));
        return now.join('|') === faultsOf(observations).join('|') ? one : null;
      }
      case 'unreadable':
        if (isPassingGap(reading.gap)) return null;
        return { account, observations: judge(account, unavailable(reading.gap)) };
      case 'absent':
        return null;
    }
  }
}

/** What the rules say that look at file services, where it is no good news; a text for each. */
function faultsOf(observations: readonly Observation[]): readonly string[] {
  return observations.flatMap((seen) => {
    if (seen.kind !== 'verdict' || !byFileService.has(seen.rule)) return [];
    const { outcome, title, gaps } = seen.verdict;
    // What could not be read shows nothing, however late.
    const isFault = outcome === 'fail' || outcome === 'warn' || (outcome === 'unknown' && gaps.length === 0);
    return isFault ? [`${seen.rule}|${outcome}|${title}`] : [];
  });
}

async function knownFaults(
  subscriptionId: string,
  accountKeys: readonly string[],
  findings: Pick<FindingStore, 'read'>,
): Promise<ReadonlySet<string>> {
  const stored = (await findings.read(subscriptionId, accountKeys)).map(({ finding }) => finding);
  return new Set(
    stored
      .filter(({ state }) => isFaulty(state))
      .map((finding) => `${placeOf(finding).key}|${finding.rule}|${finding.outcome}|${finding.title}`),
  );
}
