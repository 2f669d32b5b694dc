import type { Effect, Outbox } from '../../../domain/audit/ports.ts';
import type { Transition } from '../../../domain/findings/finding.ts';
import { noSubscription } from '../../../domain/findings/place.ts';
import type { Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import { markerPartition, markPartition } from './outbox-marker.ts';
import type { Table } from './table.ts';

const pageSize = 200;

/** The outbox rows of table `findings`, written by the finding store (or by `add`), each with its transition beside it. */
export function createOutbox(table: Table): Outbox {
  return {
    async partitions() {
      const markers = [];
      for await (const { rowKey, version, writtenAt } of table.rows({ partitionKey: markerPartition })) {
        markers.push({ partition: rowKey, version, markedAt: writtenAt });
      }
      return markers;
    },
    async *entries(partition) {
      for await (const page of table.pages({ partitionKey: partition, from: 'o~', before: 'o~~' }, pageSize)) {
        // Read after the outbox rows: what was committed with them is there, unless the entry was removed meanwhile.
        const transitions = await transitionsOf(
          partition,
          page.filter(({ rowKey }) => isOfFinding(rowKey)),
        );
        for (const { rowKey, properties } of page) {
          const transition = transitions.get(rowKey) ?? null;
          if (isOfFinding(rowKey) && transition === null) continue;
          yield { key: rowKey, transition, effects: unpackJson('body', properties) as readonly Effect[] };
        }
      }
    },
    async remove(partition, key) {
      const rowKeys = isOfFinding(key) ? [key, transitionKey(key)] : [key];
      const removals = rowKeys.map((rowKey) => ({ kind: 'delete', partitionKey: partition, rowKey }) as const);
      if (await table.transact(removals)) return;
      // One of them was gone already: make sure that both are.
      for (const rowKey of rowKeys) await table.remove(partition, rowKey);
    },
    async unmark(partition, version) {
      await table.remove(markerPartition, partition, version);
    },
    async add(key, effects) {
      await markPartition(table, noSubscription);
      await table.insert({
        partitionKey: noSubscription,
        rowKey: `o~${keyPart(key, { joined: true })}`,
        ...packJson('body', effects),
      });
    },
  };

  /** Transitions of a page of outbox rows, by the outbox row's key. */
  async function transitionsOf(partitionKey: string, page: readonly Row[]): Promise<ReadonlyMap<string, Transition>> {
    const transitions = new Map<string, Transition>();
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return transitions;
    const range = { partitionKey, from: transitionKey(first.rowKey), before: `${transitionKey(last.rowKey)}~` };
    for await (const { rowKey, properties } of table.rows(range)) {
      transitions.set(`o${rowKey.slice(1)}`, unpackJson('body', properties) as Transition);
    }
    return transitions;
  }
}

/** Rows of findings have the hash of their place first (`rowsOf`); those of `add` have no transition beside them. */
function isOfFinding(outboxKey: string): boolean {
  return /^o~[0-9a-f]{24}~/.test(outboxKey);
}

function transitionKey(outboxKey: string): string {
  return `t${outboxKey.slice(1)}`;
}
