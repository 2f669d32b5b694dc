import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { storeError } from '../store-unreachable.ts';
import { checkSize, type Entity, type Row } from './entity.ts';

/** One step of an entity group transaction. `replace` needs the version it was read at. */
export type Action =
  | { readonly kind: 'insert' | 'upsert'; readonly entity: Entity }
  | { readonly kind: 'replace'; readonly entity: Entity; readonly version: string }
  | { readonly kind: 'delete'; readonly partitionKey: string; readonly rowKey: string };

/** Which rows: of one partition or of all, from one row key (inclusive) to another (exclusive). `where` is more OData. */
export interface RowRange {
  readonly partitionKey?: string;
  readonly from?: string;
  readonly before?: string;
  readonly where?: string;
}

/**
 * A table that is made by the first write where it is missing. Expected conflicts are answers and not errors.
 * Every member throws `StoreUnreachable` when the service does not answer, and `EntityTooLarge` before it would refuse.
 */
export interface Table {
  get(partitionKey: string, rowKey: string): Promise<Row | null>;
  /** @returns false when it exists. */
  insert(entity: Entity): Promise<boolean>;
  /** @returns the new version, null when the row is gone or at another version. */
  replace(entity: Entity, version: string): Promise<string | null>;
  upsert(entity: Entity): Promise<void>;
  /** @returns false when the row is gone, or at another version than the one given. */
  remove(partitionKey: string, rowKey: string, version?: string): Promise<boolean>;
  /** All or nothing: one partition, at most 100 actions. @returns false when one of them conflicted, and nothing was done. */
  transact(actions: readonly Action[]): Promise<boolean>;
  /** Rows in order of key. @param size rows per page, 1,000 at most. */
  pages(range: RowRange, size?: number): AsyncIterable<readonly Row[]>;
  rows(range: RowRange): AsyncIterable<Row>;
}

export function openTable(client: TableClient): Table {
  const name = client.tableName;

  async function reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      try {
        return await call();
      } catch (error) {
        if (codeOf(error) !== 'TableNotFound') throw error;
        // A deployment makes the tables; elsewhere the first use does.
        await client.createTable();
        return await call();
      }
    } catch (error) {
      throw storeError(error, client.url, `table ${name}`);
    }
  }

  /** A table that is not there yet holds nothing, and looking does not make it. */
  async function reading<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (error) {
      if (codeOf(error) === 'TableNotFound') return null;
      throw storeError(error, client.url, `table ${name}`);
    }
  }

  async function* pages(range: RowRange, size = 1000): AsyncGenerator<readonly Row[]> {
    const filter = filterOf(range);
    let continuationToken: string | undefined;
    do {
      const settings = { maxPageSize: size, ...(continuationToken === undefined ? {} : { continuationToken }) };
      const page = await reading(async () => {
        const queryOptions = filter === '' ? {} : { filter };
        const next = await client.listEntities({ queryOptions }).byPage(settings).next();
        return next.done === true ? null : next.value;
      });
      if (page === null) return;
      yield page.map(rowOf);
      ({ continuationToken } = page);
    } while (continuationToken !== undefined);
  }

  return {
    async get(partitionKey, rowKey) {
      const row = await reading(() => unless([404], () => client.getEntity(partitionKey, rowKey)));
      return row === null ? null : rowOf(row);
    },
    async insert(entity) {
      checkSize(name, entity);
      return (await reach(() => unless([409], () => client.createEntity(entity)))) !== null;
    },
    async replace(entity, version) {
      checkSize(name, entity);
      const options = { etag: version };
      const answer = await reach(() => unless([404, 412], () => client.updateEntity(entity, 'Replace', options)));
      return answer?.etag ?? null;
    },
    async upsert(entity) {
      checkSize(name, entity);
      await reach(() => client.upsertEntity(entity, 'Replace'));
    },
    async remove(partitionKey, rowKey, version = '*') {
      const options = { etag: version };
      return (await reach(() => unless([404, 412], () => client.deleteEntity(partitionKey, rowKey, options)))) !== null;
    },
    async transact(actions) {
      for (const action of actions) if (action.kind !== 'delete') checkSize(name, action.entity);
      const transaction = actions.map(transactionAction);
      return (await reach(() => unless([404, 409, 412], () => client.submitTransaction(transaction)))) !== null;
    },
    pages,
    async *rows(range) {
      for await (const page of pages(range)) yield* page;
    },
  };
}

/** @returns null for an answer with one of the statuses; a missing table is never one of them. */
async function unless<T>(statuses: readonly number[], call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (codeOf(error) !== 'TableNotFound' && statuses.includes(statusOf(error))) return null;
    throw error;
  }
}

function transactionAction(action: Action): TransactionAction {
  switch (action.kind) {
    case 'insert':
      return ['create', action.entity];
    case 'upsert':
      return ['upsert', action.entity, 'Replace'];
    case 'replace':
      return ['update', action.entity, 'Replace', { etag: action.version }];
    case 'delete':
      return ['delete', { partitionKey: action.partitionKey, rowKey: action.rowKey }];
  }
}

function filterOf({ partitionKey, from, before, where }: RowRange): string {
  return [
    partitionKey === undefined ? null : odata`PartitionKey eq ${partitionKey}`,
    from === undefined ? null : odata`RowKey ge ${from}`,
    before === undefined ? null : odata`RowKey lt ${before}`,
    where ?? null,
  ]
    .filter((part) => part !== null)
    .join(' and ');
}

function rowOf(entity: Readonly<Record<string, unknown>>): Row {
  const { partitionKey, rowKey, etag, timestamp, ...properties } = entity;
  return {
    partitionKey: String(partitionKey),
    rowKey: String(rowKey),
    version: String(etag),
    writtenAt: Date.parse(String(timestamp)),
    properties,
  };
}

function statusOf(error: unknown): number {
  return isObject(error) && typeof error['statusCode'] === 'number' ? error['statusCode'] : 0;
}

/** The service's own code: in the details of a plain answer, on the error itself for a transaction. */
function codeOf(error: unknown): unknown {
  if (!isObject(error)) return undefined;
  const { code, details } = error;
  const odataError = isObject(details) ? details['odataError'] : undefined;
  return isObject(odataError) ? odataError['code'] : code;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
