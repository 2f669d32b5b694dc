import { attributionWork } from '../../../domain/audit/attribution-work.ts';
import { hasRecords } from '../../../domain/drift/fact-change.ts';
import { brokerId } from '../../../infra/azure/service-bus/job-message.ts';
import { sha256 } from '../../../infra/digest.ts';
import { queues } from '../../../infra/names.ts';
import type { Simulation } from '../simulation.ts';
import { accountKeyOf } from '../tenant/live.ts';
import { instant } from './stored.ts';

/** Within that time a night has looked at every account that there is, and told what a crash kept back. */
const nightAfter = 25 * 3_600_000;

/** What an audit saw to have changed is in history, and somebody was asked to find out who did it. */
export function factChanges({ witness, store, tenant, timeline, violations }: Simulation): void {
  const rows = store.history.page({}, Infinity, null);
  const told = new Set(rows.flatMap(({ rowKey }) => (rowKey.startsWith('change~') ? [rowKey.split('~').at(-1)] : [])));
  // Nobody looks again at an account that is gone.
  const there = new Set(tenant.live.accounts.filter(({ exists }) => exists).map(accountKeyOf));
  for (const { change, at } of witness.changes.values()) {
    if (!there.has(change.key) || at > timeline.now() - nightAfter) continue;
    const about = `change ${change.id} of the ${change.part} of ${change.key}, seen at ${instant(at)}`;
    if (!told.has(change.id)) violations.add(`History does not tell of ${about}`);
    const { messageId } = attributionWork(change, 1, at, sha256);
    if (hasRecords(change) && !witness.sentAt.has(`${queues.auditWork}/${brokerId(messageId)}`))
      violations.add(`Nobody was asked who made ${about}`);
  }
}
