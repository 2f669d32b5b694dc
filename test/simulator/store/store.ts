import { tables } from '../../../infra/names.ts';
import type { Entity } from '../../../infra/azure/tables/entity.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';

export type TableName = keyof typeof tables;
export type SimulatedStore = Readonly<Record<TableName, MemoryTable>>;

export function createSimulatedStore(options: {
  readonly now: () => number;
  readonly onWrite: (table: TableName, written: readonly Entity[]) => void;
}): SimulatedStore {
  const entries = (Object.keys(tables) as TableName[]).map((name) => [
    name,
    createMemoryTable({
      now: options.now,
      onWrite: (written) => {
        options.onWrite(name, written);
      },
    }),
  ]);
  return Object.fromEntries(entries) as SimulatedStore;
}
