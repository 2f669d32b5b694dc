import type { AppCheck } from '../../../domain/audit/ports.ts';
import { noRequests } from '../../../domain/audit/run.ts';
import { itemsOf } from '../../../domain/model/collection.ts';
import type { Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { Tenant } from './tenant.ts';

/** Whether apps are gone, told one by one. There always is an answer: without one the list of the run is believed. */
export function appCheck(tenant: Tenant, slot: Slot, { gate }: { readonly gate: Gate }): AppCheck {
  return {
    gone: (appIds) =>
      gate(slot, {
        name: 'graph.apps',
        weight: 'reads',
        effect: () => {
          const shown = new Set(itemsOf(tenant.directory.facts().servicePrincipals).map(({ appId }) => appId));
          return { appIds: new Set(appIds.filter((appId) => !shown.has(appId))), requests: noRequests };
        },
      }),
  };
}
