import type { AlertDeliveries } from '../../../infra/azure/tables/alert-deliveries.ts';
import type { Table } from '../../../infra/azure/tables/table.ts';
import type { Parts } from '../../../infra/services.ts';
import type { IdMemory } from '../broker/queue.ts';
import type { AccountEvent } from '../tenant/event.ts';

/** A part that breaks its promise: what it makes of the ports that it is about. The others stay as they are. */
export interface Wrong {
  readonly table?: (table: Table) => Table;
  readonly parts?: (parts: Parts) => Parts;
  readonly memory?: (windowMs: number) => IdMemory;
  readonly deliveries?: (deliveries: AlertDeliveries, now: () => number) => AlertDeliveries;
  /** Told of every event that is raised, for those that believe what it carries. */
  readonly onEvent?: (event: AccountEvent) => void;
}
