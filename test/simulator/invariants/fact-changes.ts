import { attributionWork, isLastAttempt } from '../../../domain/audit/attribution-work.ts';
import { hasRecords } from '../../../domain/drift/fact-change.ts';
import { brokerId } from '../../../infra/azure/service-bus/job-message.ts';
import { sha256 } from '../../../infra/digest.ts';
import { queues } from '../../../infra/names.ts';
import type { Simulation } from '../simulation.ts';
import { accountKeyOf } from '../tenant/live.ts';
import { instant } from './stored.ts';

/** Within that time a night has looked at every account that there is, and told what a crash kept back. */
const nightAfter = 25 * 3_600_000;

const lastAttempt = Array.from({ length: 100 }, (_, index) => index + 1).find(isLastAttempt) ?? Infinity;

/** What an audit saw to have changed is in history, and somebody was asked who did it, until that was found out or to the last. */
export function factChanges({ witness, store, tenant, timeline, violations, struckLast }: Simulation): void {
  const rows = store.history.page({}, Infinity, null);
  const idsOf = (kind: string): ReadonlySet<string | undefined> =>
    new Set(rows.flatMap(({ rowKey }) => (rowKey.startsWith(`${kind}~`) ? [rowKey.split('~').at(-1)] : [])));
  const [told, attributed] = [idsOf('change'), idsOf('attribution')];
  const struck = [...struckLast.values()].join();
  // Nobody looks again at an account that is gone.
  const there = new Set(tenant.live.accounts.filter(({ exists }) => exists).map(accountKeyOf));
  for (const { change, at } of witness.changes.values()) {
    if (!there.has(change.key) || at > timeline.now() - nightAfter) continue;
    const about = `change ${change.id} of the ${change.part} of ${change.key}, seen at ${instant(at)}`;
    if (!told.has(change.id)) violations.add(`History does not tell of ${about}`);
    if (!hasRecords(change)) continue;
    const isAsked = (attempt: number): boolean => {
      const { messageId } = attributionWork(change, attempt, at, sha256);
      return witness.sentAt.has(`${queues.auditWork}/${brokerId(messageId)}`);
    };
    if (!isAsked(1)) violations.add(`Nobody was asked who made ${about}`);
    else if (!attributed.has(change.id) && !isAsked(lastAttempt) && !struck.includes(change.id))
      violations.add(`Nobody went on asking who made ${about}`);
  }
}
