import type { ChangeHistory } from '../domain/audit/drift-ports.ts';
import type { FactChange } from '../domain/drift/fact-change.ts';
import { formerAppsOf } from '../domain/remediation/former-apps.ts';
import type { TenantFacts } from '../domain/remediation/tenant-facts.ts';
import { readDeletedApplications } from './azure/graph/deleted-applications.ts';
import type { GraphChannel } from './azure/graph/graph-channel.ts';
import type { EstateSource } from './estate-source.ts';
import { readStorageAccounts } from './facts.ts';

/**
 * What plans about the tenant rest on, read from live Azure and from history.
 * @param estate gives a source that has read nothing yet.
 */
export function createTenantFacts(
  estate: () => EstateSource & { readonly graph: GraphChannel },
  changes: Pick<ChangeHistory, 'all'>,
): TenantFacts {
  return {
    storageAccounts: () => readStorageAccounts(estate()),
    async formerApps() {
      const recorded: FactChange[] = [];
      for await (const change of changes.all()) recorded.push(change);
      return formerAppsOf(recorded);
    },
    async restorable(appIds) {
      const deleted = await readDeletedApplications(estate().graph);
      return deleted === null ? null : new Set(appIds.filter((appId) => deleted.has(appId)));
    },
  };
}
