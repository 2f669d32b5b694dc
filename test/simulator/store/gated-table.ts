import { checkSize, type Row } from '../../../infra/azure/tables/entity.ts';
import { StoreUnreachable } from '../../../infra/azure/store-unreachable.ts';
import type { RowRange, Table } from '../../../infra/azure/tables/table.ts';
import type { Call, Gate } from '../gate.ts';
import type { Slot } from '../instance.ts';
import type { MemoryTable } from './memory-table.ts';

/** A table as one invocation reaches it: each request passes the gate. */
export function gatedTable(name: string, table: MemoryTable, slot: Slot, gate: Gate): Table {
  const failure = (): Error => new StoreUnreachable('store.example', `table ${name}`, null);

  function request<T>(member: string, weight: Call<T>['weight'], effect: () => T): Promise<T> {
    return gate(slot, { name: `${name}.${member}`, weight, effect, failure, part: 'store' });
  }

  async function* pages(range: RowRange, size = 1000): AsyncGenerator<readonly Row[]> {
    let after: Row | null = null;
    for (;;) {
      const last: Row | null = after;
      const page: readonly Row[] = await request('query', 'reads', () => table.page(range, size, last));
      yield page;
      after = page.at(-1) ?? null;
      if (page.length < size || after === null) return;
    }
  }

  return {
    get: (partitionKey, rowKey) => request('get', 'reads', () => table.get(partitionKey, rowKey)),
    insert(entity) {
      checkSize(name, entity);
      return request('insert', 'writes', () => table.insert(entity));
    },
    replace: (entity, version) => request('replace', 'writes', () => table.replace(entity, version)),
    upsert: (entity) =>
      request('upsert', 'writes', () => {
        table.upsert(entity);
      }),
    remove: (partitionKey, rowKey, version = '*') =>
      request('remove', 'writes', () => table.remove(partitionKey, rowKey, version)),
    transact(actions) {
      for (const action of actions) if (action.kind !== 'delete') checkSize(name, action.entity);
      return request('transact', 'writes', () => table.transact(actions));
    },
    pages,
    async *rows(range) {
      for await (const page of pages(range)) yield* page;
    },
  };
}

/** The table for whoever may read it only: every write is refused. */
export function readOnly(table: Table): Table {
  const refuse = (): Promise<never> => Promise.reject(new Error('403: this identity may not write to the table'));
  return { ...table, insert: refuse, replace: refuse, upsert: refuse, remove: refuse, transact: refuse };
}
