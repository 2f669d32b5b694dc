import type { WatchedPolicy, WatchedPosition, WatchStore } from '../../../domain/audit/watch-ports.ts';
import { type WatchedList, watchedLists } from '../../../domain/audit/watched-lists.ts';
import type { WireObject } from '../../estate-source.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash } from './keys.ts';
import type { Action, Table } from './table.ts';

/** No subscription id looks like this. */
const partitionKey = 'watch';
/** Far below the 4 MB of a transaction, for policies are long. */
const policiesPerTransaction = 10;

/**
 * Table `accounts`, partition `watch`: `list~<name>`, how far a list was watched; `policy~<hash>`, a policy as last seen.
 *
 * @param policyOf reads a stored policy again, so that a newer version reads it by its own schema.
 */
export function createWatchStore(table: Table, policyOf: (content: WireObject) => WatchedPolicy): WatchStore {
  return {
    async read() {
      const positions = new Map<WatchedList, WatchedPosition>();
      for await (const { rowKey, properties } of table.rows({ partitionKey, from: 'list~', before: 'list~~' })) {
        const list = watchedLists.find((name) => rowKey === `list~${name}`);
        // A newer version may watch more.
        if (list !== undefined) positions.set(list, positionOf(unpackJson('body', properties)));
      }
      return positions;
    },
    async save(list, position) {
      await table.upsert({ partitionKey, rowKey: `list~${list}`, ...packJson('body', position) });
    },
    async policies() {
      const policies: WatchedPolicy[] = [];
      for await (const { properties } of table.rows({ partitionKey, from: 'policy~', before: 'policy~~' })) {
        policies.push(policyOf(unpackJson('body', properties) as WireObject));
      }
      return policies;
    },
    async savePolicies(changed, goneIds) {
      const upserts = changed.map(({ id, content }): Action => ({
        kind: 'upsert',
        entity: { partitionKey, rowKey: rowKeyOf(id), ...packJson('body', content) },
      }));
      for (let start = 0; start < upserts.length; start += policiesPerTransaction) {
        await table.transact(upserts.slice(start, start + policiesPerTransaction));
      }
      for (const id of goneIds) await table.remove(partitionKey, rowKeyOf(id));
    },
  };
}

/** One that an older version saved may lack some of it. */
function positionOf(stored: unknown): WatchedPosition {
  return { ...unwatched, ...(stored as Partial<WatchedPosition>) };
}

const unwatched: WatchedPosition = { position: null, savedAt: 0, turn: 0, unreadable: null };

function rowKeyOf(policyId: string): string {
  return `policy~${placeHash(policyId)}`;
}
