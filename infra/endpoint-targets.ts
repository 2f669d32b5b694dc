import type { EndpointTargets } from '../domain/audit/follow-event.ts';
import type { RunCollections, RunStore } from '../domain/audit/ports.ts';
import { itemsOf } from '../domain/model/collection.ts';
import type { PrivateEndpoint } from '../domain/model/resources.ts';
import type { PrivateEndpointReading } from './azure/arm/read-private-endpoint.ts';
import { isAccountId } from './azure/arm/account-id.ts';
import { SnapshotNotFound } from './snapshot/snapshot-not-found.ts';
import { parsePrivateEndpoint } from './wire/private-endpoint.ts';

/** A private endpoint cannot be read for a reason that passes, and no run knew it: let its event come again. */
export class EndpointUnreadable extends Error {
  override readonly name = 'EndpointUnreadable';
}

export interface EndpointTargetsOptions {
  readonly read: (endpointId: string) => Promise<PrivateEndpointReading>;
  readonly runs: Pick<RunStore, 'latest'>;
  readonly collections: Pick<RunCollections, 'shared'>;
}

/**
 * Where a private endpoint leads: by ARM, else by what the last run read.
 * Throws `EndpointUnreadable` where asking again may help.
 */
export function createEndpointTargets({ read, runs, collections }: EndpointTargetsOptions): EndpointTargets {
  /** The private endpoints that the last run read: they know where one led that is gone. */
  async function kept(): Promise<readonly PrivateEndpoint[]> {
    const [run] = await runs.latest(1);
    if (run === undefined) return [];
    try {
      return itemsOf((await collections.shared(run.id)).resources.privateEndpoints);
    } catch (error) {
      // A run's files are removed sooner than its row.
      if (error instanceof SnapshotNotFound) return [];
      throw error;
    }
  }

  return {
    async of(endpointId) {
      const reading = await read(endpointId);
      if (reading.state === 'found') return accountsOf(parsePrivateEndpoint(reading.endpoint));
      const key = endpointId.toLowerCase();
      const known = (await kept()).find((endpoint) => endpoint.key === key);
      if (known !== undefined) return accountsOf(known);
      const { reason } = reading.failure;
      // 404 as well is a server error here, since it may come from a gateway.
      if (reason === 'throttled' || reason === 'unreachable') {
        throw new EndpointUnreadable(
          `${endpointId} could not be read (${reason}) to tell which accounts it leads to; its event comes again`,
        );
      }
      return null;
    },
  };
}

function accountsOf({ links }: PrivateEndpoint): readonly string[] {
  return [...new Set(links.map(({ targetKey }) => targetKey))].filter(isAccountId).sort();
}
