import { canonicalJson } from '../model/canonical-json.ts';
import type { Collection } from '../model/collection.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Digest } from '../remediation/job.ts';
import type { WatchMarks, WatchStore } from './watch-ports.ts';

export interface MarkPoliciesPorts {
  readonly watch: Pick<WatchStore, 'read'>;
  readonly watchMarks: WatchMarks;
  readonly digest: Digest;
}

/**
 * Policies have no delta: what was changed and changed back between two looks is no news to the watch, but an audit in
 * between has judged by it. It leaves a mark where it read policies that say something else than those of the last look, and
 * where it did not read them whole: the first look that does has it done again.
 * @param accountId null: all accounts with an app
 */
export async function markPolicies(
  accountId: string | null,
  policies: Collection<ConditionalAccessPolicy>,
  ports: MarkPoliciesPorts,
): Promise<void> {
  const list = 'conditional-access-policies';
  const said = (await ports.watch.read()).get(list)?.says ?? null;
  const seen = policies.state === 'known' ? digestOfPolicies(policies.items, ports.digest) : null;
  if (said !== null && said !== seen) await ports.watchMarks.set({ list, accountId, seen });
}

/** What policies say, whatever their order. */
export function digestOfPolicies(policies: readonly ConditionalAccessPolicy[], digest: Digest): string {
  return digest(canonicalJson(policies));
}
