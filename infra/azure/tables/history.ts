import type { History } from '../../../domain/audit/ports.ts';
import type { Transition } from '../../../domain/findings/finding.ts';
import { transitionsInOrder } from '../../../domain/findings/in-order.ts';
import { transitionsEnd } from './change-history.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { placeHash, keyPart, padded, timeKey } from './keys.ts';
import type { Table } from './table.ts';

/** Table `history`: partition = hash of the account or subject, row = time, rule and number: one row per transition. */
export function createHistory(table: Table): History {
  return {
    async append(transition) {
      const { key, findingId, rule, number, kind, at } = transition;
      await table.insert({
        partitionKey: placeHash(key),
        rowKey: `${timeKey(at)}~${keyPart(rule)}~${padded(number)}`,
        findingId,
        kind,
        at: new Date(at),
        ...packJson('body', transition),
      });
    },
    async of(key) {
      const transitions: Transition[] = [];
      for await (const row of table.rows({ partitionKey: placeHash(key), before: transitionsEnd })) {
        const transition = unpackJson('body', row.properties) as Transition;
        if (transition.key === key) transitions.push(transition);
      }
      return transitionsInOrder(transitions);
    },
  };
}
