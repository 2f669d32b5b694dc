import type { TenantFacts } from '../../../domain/remediation/tenant-facts.ts';
import { formerAppsOf } from '../../../domain/remediation/former-apps.ts';
import type { FactChange } from '../../../domain/drift/fact-change.ts';
import type { ChangeHistory } from '../../../domain/audit/drift-ports.ts';
import { known } from '../../../domain/model/collection.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import { storageAccountOf } from './facts-of.ts';
import type { Tenant } from './tenant.ts';

/** What plans about the tenant rest on, read whole as by `wholeFacts`. No app that was deleted can be restored. */
export function tenantFacts(tenant: Tenant, slot: Slot, gate: Gate, changes: Pick<ChangeHistory, 'all'>): TenantFacts {
  return {
    storageAccounts: () =>
      gate(slot, {
        name: 'graph.accounts',
        weight: 'reads',
        failure: () => new Error('Resource Graph does not answer'),
        effect: () => known(tenant.live.accounts.filter(({ exists }) => exists).map(storageAccountOf)),
      }),
    async formerApps() {
      const recorded: FactChange[] = [];
      for await (const change of changes.all()) recorded.push(change);
      return formerAppsOf(recorded);
    },
    restorable: () => Promise.resolve(new Set<string>()),
  };
}
