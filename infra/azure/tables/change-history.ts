import type { ChangeHistory, StoredAttribution } from '../../../domain/audit/drift-ports.ts';
import { type AttributedLater, attributedLater } from '../../../domain/drift/attributed-later.ts';
import type { FactChange } from '../../../domain/drift/fact-change.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash, timeKey } from './keys.ts';
import type { Table } from './table.ts';

/** Rows of transitions begin with a digit, so they come before all of these. */
export const transitionsEnd = 'a';
/** No hash of an account looks like this. */
const digestPartition = 'attributed';

/**
 * Table `history`, beside the transitions of the same account: partition = hash of the account, row = `change~`, time and
 * the change's id, and `attribution~` and the id for what came of looking who made it. Partition `attributed`: the same for a
 * digest, by when it was found out. `at` is the change's time on all of them.
 */
export function createChangeHistory(table: Table): ChangeHistory {
  const inPartition = async <T extends { readonly key: string }>(key: string, prefix: string): Promise<T[]> => {
    const found: T[] = [];
    const range = { partitionKey: placeHash(key), from: `${prefix}~`, before: `${prefix}~~` };
    for await (const { properties } of table.rows(range)) {
      const entry = unpackJson('body', properties) as T;
      if (entry.key === key) found.push(entry);
    }
    return found;
  };
  const of = (key: string): Promise<FactChange[]> => inPartition(key, 'change');

  return {
    async append(change) {
      await table.insert({
        partitionKey: placeHash(change.key),
        rowKey: `change~${timeKey(change.at)}~${keyPart(change.id)}`,
        at: new Date(change.at),
        ...packJson('body', change),
      });
    },
    of,
    async *all() {
      for await (const { properties } of table.rows({ from: 'change~', before: 'change~~' })) {
        yield unpackJson('body', properties) as FactChange;
      }
    },
    find: async (key, changeId) => (await of(key)).find(({ id }) => id === changeId) ?? null,
    async attribute(attribution) {
      const { key, changeId } = attribution;
      const change = (await of(key)).find(({ id }) => id === changeId);
      // What was purged meanwhile is not told of any more.
      if (change === undefined) return;
      const [partitionKey, rowKey] = [placeHash(key), `attribution~${keyPart(changeId)}`];
      const at = new Date(change.at);
      const isFirst = await table.insert({
        partitionKey,
        rowKey,
        at,
        ...packJson('body', attribution satisfies StoredAttribution),
      });
      // Whoever stored it first may have ended here: the digest gets it under the same name.
      const row = isFirst ? null : await table.get(partitionKey, rowKey);
      const first = row === null ? attribution : (unpackJson('body', row.properties) as StoredAttribution);
      const later = attributedLater(change, first);
      if (later === null) return;
      await table.insert({
        partitionKey: digestPartition,
        rowKey: `${timeKey(later.attributedAt)}~${keyPart(changeId)}`,
        at,
        ...packJson('body', later),
      });
    },
    attributionsOf: (key) => inPartition(key, 'attribution'),
    async attributedBetween(after, until, most) {
      const range = { partitionKey: digestPartition, from: timeKey(after + 1), before: timeKey(until + 1) };
      const changes: AttributedLater[] = [];
      let count = 0;
      for await (const { properties } of table.rows(range)) {
        count += 1;
        if (count <= most) changes.push(unpackJson('body', properties) as AttributedLater);
      }
      return { count, changes };
    },
  };
}
