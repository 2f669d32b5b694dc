import type { Cause } from '../findings/finding.ts';
import { isFaulty } from '../findings/lifecycle.ts';
import { placeOf } from '../findings/place.ts';
import type { Observation } from '../findings/reduce.ts';
import type { Collection } from '../model/collection.ts';
import type { FileService } from '../model/resources.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Digest } from '../remediation/job.ts';
import { accountRules } from '../rules/index.ts';
import type { FindingStore, FreshFacts, Messages } from './ports.ts';
import type { Shard } from './work.ts';

export interface LeaveChangedPorts {
  readonly facts: Pick<FreshFacts, 'account'>;
  readonly findings: Pick<FindingStore, 'read'>;
  readonly messages: Pick<Messages, 'auditWork'>;
  readonly now: () => number;
  readonly digest: Digest;
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
 * no file service shows anything new, nothing is read.
 * @param judge what file services show of an account
 * @returns keys of the accounts that are left out
 */
export async function leaveChanged(
  { runId, subscriptionId, baseline, factsReadAt }: Shard,
  judged: readonly Judged[],
  judge: (account: StorageAccount, fileServices: Collection<FileService>) => readonly Observation[],
  ports: LeaveChangedPorts,
): Promise<ReadonlySet<string>> {
  const left = new Set<string>();
  const isFirstInTime = baseline && ports.now() - factsReadAt <= lateMs;
  const faulty = judged.filter(({ observations }) =>
    faultsOf(observations).some((fault) => !isFirstInTime || fault.includes('|unknown|')),
  );
  if (faulty.length === 0) return left;
  const known = await knownFaults(
    subscriptionId,
    faulty.map(({ account }) => account.key),
    ports.findings,
  );
  const news = faulty.filter(({ account, observations }) =>
    faultsOf(observations).some((fault) => !known.has(`${account.key}|${fault}`)),
  );
  for (let start = 0; start < news.length; start += atOnce) {
    await Promise.all(
      news.slice(start, start + atOnce).map(async (one) => {
        if (!(await isSo(one))) left.add(one.account.key);
      }),
    );
  }
  await queueAudits(
    news.map(({ account }) => account).filter(({ key }) => left.has(key)),
    runId,
    ports,
  );
  return left;

  async function isSo({ account, observations }: Judged): Promise<boolean> {
    const reading = await ports.facts.account(account.id);
    if (reading.state !== 'found') return false;
    const now = faultsOf(judge(reading.account, reading.fileServices));
    return now.join('|') === faultsOf(observations).join('|');
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

async function queueAudits(
  accounts: readonly StorageAccount[],
  runId: string,
  { messages, digest }: LeaveChangedPorts,
): Promise<void> {
  if (accounts.length === 0) return;
  const cause: Cause = { kind: 'nightly', id: runId, actor: { kind: 'unknown', objectId: null } };
  await messages.auditWork(
    accounts.map(({ id, key }) => ({
      messageId: digest(`${runId}|${key}|changed`),
      work: { kind: 'account', accountId: id, cause },
      notBefore: null,
    })),
  );
}
