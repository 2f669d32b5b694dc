import { sha256 } from '../../digest.ts';
import { StoreUnreachable } from '../store-unreachable.ts';
import type { Table } from './table.ts';

/**
 * Which target of a channel took which alert, for longer than the broker remembers and apart for each target: one that
 * fails must not make its sibling be told twice. Where the store cannot tell, an alert rather comes twice than never.
 */
export interface AlertDeliveries {
  /** @param target what tells it from its siblings; only its hash is kept, for an address may hold a secret. */
  took(alertId: string, target: string): Promise<boolean>;
  record(alertId: string, target: string, at: number): Promise<void>;
}

/** Table `inbox`, of alerts: partition = `alert~` and the alert's hash, row = hash of the target; `receivedAt` as for events. */
export function createAlertDeliveries(table: Table): AlertDeliveries {
  return {
    async took(alertId, target) {
      return (await unlessUnreachable(() => table.get(deliveryPartition(alertId), sha256(target)))) !== null;
    },
    async record(alertId, target, at) {
      const entity = { partitionKey: deliveryPartition(alertId), rowKey: sha256(target), receivedAt: new Date(at) };
      await unlessUnreachable(() => table.upsert(entity));
    },
  };
}

/** Where it is kept who took an alert. */
export function deliveryPartition(alertId: string): string {
  return `alert~${sha256(alertId).slice(0, 24)}`;
}

async function unlessUnreachable<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreUnreachable) return null;
    throw error;
  }
}
