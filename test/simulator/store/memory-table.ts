import type { Entity, Row } from '../../../infra/azure/tables/entity.ts';
import type { Action, RowRange } from '../../../infra/azure/tables/table.ts';
import { type Filter, filterOf } from './odata.ts';

/** A table as the service keeps it: each call is whole or not at all. No call waits; the gate does that. */
export interface MemoryTable {
  get(partitionKey: string, rowKey: string): Row | null;
  insert(entity: Entity): boolean;
  replace(entity: Entity, version: string): string | null;
  upsert(entity: Entity): void;
  remove(partitionKey: string, rowKey: string, version: string): boolean;
  transact(actions: readonly Action[]): boolean;
  /** Rows in order of key, those after `after` only. */
  page(range: RowRange, size: number, after: Row | null): readonly Row[];
}

export interface MemoryTableOptions {
  readonly now: () => number;
  /** Called with what each write has left, together where it was one transaction. */
  readonly onWrite: (written: readonly Entity[]) => void;
}

interface Partition {
  readonly rows: Map<string, Row>;
  /** null: to be sorted anew. */
  keys: readonly string[] | null;
}

const actionLimit = 100;

export function createMemoryTable({ now, onWrite }: MemoryTableOptions): MemoryTable {
  const partitions = new Map<string, Partition>();
  const filters = new Map<string, Filter>();
  let etag = 0;

  function partitionOf(partitionKey: string): Partition {
    const found = partitions.get(partitionKey) ?? { rows: new Map<string, Row>(), keys: null };
    partitions.set(partitionKey, found);
    return found;
  }

  function put({ partitionKey, rowKey, ...properties }: Entity): string {
    const partition = partitionOf(partitionKey);
    if (!partition.rows.has(rowKey)) partition.keys = null;
    etag += 1;
    const version = `W/"${String(etag)}"`;
    partition.rows.set(rowKey, { partitionKey, rowKey, version, writtenAt: now(), properties });
    return version;
  }

  function drop(partitionKey: string, rowKey: string): boolean {
    const partition = partitionOf(partitionKey);
    if (partition.rows.delete(rowKey)) {
      partition.keys = null;
      return true;
    }
    return false;
  }

  function rowAt(partitionKey: string, rowKey: string): Row | null {
    return partitions.get(partitionKey)?.rows.get(rowKey) ?? null;
  }

  function conflicts(action: Action): boolean {
    if (action.kind === 'delete') return rowAt(action.partitionKey, action.rowKey) === null;
    const stored = rowAt(action.entity.partitionKey, action.entity.rowKey);
    if (action.kind === 'insert') return stored !== null;
    return action.kind === 'replace' && stored?.version !== action.version;
  }

  const table: MemoryTable = {
    get: rowAt,
    insert: (entity) => table.transact([{ kind: 'insert', entity }]),
    replace(entity, version) {
      if (!table.transact([{ kind: 'replace', entity, version }])) return null;
      return rowAt(entity.partitionKey, entity.rowKey)?.version ?? null;
    },
    upsert: (entity) => void table.transact([{ kind: 'upsert', entity }]),
    remove(partitionKey, rowKey, version) {
      const stored = rowAt(partitionKey, rowKey);
      if (stored === null || (version !== '*' && stored.version !== version)) return false;
      return drop(partitionKey, rowKey);
    },
    transact(actions) {
      checkTransaction(actions);
      if (actions.some(conflicts)) return false;
      const written: Entity[] = [];
      for (const action of actions) {
        if (action.kind === 'delete') drop(action.partitionKey, action.rowKey);
        else {
          put(action.entity);
          written.push(action.entity);
        }
      }
      if (written.length > 0) onWrite(written);
      return true;
    },
    page({ partitionKey, from, before, where }, size, after) {
      const fits = where === undefined ? null : (filters.get(where) ?? filterOf(where));
      if (where !== undefined && fits !== null) filters.set(where, fits);
      const found: Row[] = [];
      const wanted = partitionKey === undefined ? [...partitions.keys()].sort() : [partitionKey];
      for (const name of wanted) {
        if (after !== null && name < after.partitionKey) continue;
        const partition = partitions.get(name);
        if (partition === undefined) continue;
        partition.keys ??= [...partition.rows.keys()].sort();
        for (const key of partition.keys) {
          if (before !== undefined && key >= before) break;
          if ((from !== undefined && key < from) || (after?.partitionKey === name && key <= after.rowKey)) continue;
          const row = partition.rows.get(key);
          if (row === undefined) continue;
          if (fits?.(row) === false) continue;
          found.push(row);
          if (found.length === size) return found;
        }
      }
      return found;
    },
  };
  return table;
}

/** The service's own rules: one partition, at most 100 actions, no row twice. */
function checkTransaction(actions: readonly Action[]): void {
  const keys = actions.map((action) => (action.kind === 'delete' ? action : action.entity));
  const partitions = new Set(keys.map(({ partitionKey }) => partitionKey));
  const rows = new Set(keys.map(({ rowKey }) => rowKey));
  if (actions.length === 0 || actions.length > actionLimit || partitions.size > 1 || rows.size < actions.length) {
    throw new RangeError(
      `A transaction of ${String(actions.length)} actions over ${String(partitions.size)} partitions and ${String(rows.size)} rows: ` +
        'the service takes 1 to 100, of one partition, each row once',
    );
  }
}
