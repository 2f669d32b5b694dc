import type { Wrong } from './wrong.ts';

/** Whoever writes last wins, whatever was read before. */
export function storeWithoutETags(): Wrong {
  return {
    table: (table) => ({
      ...table,
      async replace(entity) {
        await table.upsert(entity);
        return '*';
      },
      remove: (partitionKey, rowKey) => table.remove(partitionKey, rowKey),
      transact: (actions) =>
        table.transact(
          actions.map((action) => (action.kind === 'replace' ? { kind: 'upsert', entity: action.entity } : action)),
        ),
    }),
  };
}
