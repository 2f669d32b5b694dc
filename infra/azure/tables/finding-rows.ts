import type { FindingCommit } from '../../../domain/audit/ports.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { placeOf } from '../../../domain/findings/place.ts';
import { packJson } from './json-properties.ts';
import { placeHash, keyPart, padded } from './keys.ts';
import type { Action, RowRange } from './table.ts';

/**
 * The rows of one commit, which must never part: the finding (`f~place~rule`), and with a transition the transition
 * (`t~place~rule~number`) and the outbox row (`o~` and the same); `place` is the hash of the account or subject. The outbox row means: append the transition to
 * history and send these effects.
 */
export function rowsOf(partition: string, { finding, version, transition, effects }: FindingCommit): Action[] {
  const partitionKey = keyPart(partition);
  const name = `${placeHash(placeOf(finding).key)}~${keyPart(finding.rule)}`;
  const entity = {
    partitionKey,
    rowKey: `f~${name}`,
    findingId: finding.id,
    ...columns(finding),
    ...packJson('body', finding),
  };
  const actions: Action[] = [version === null ? { kind: 'insert', entity } : { kind: 'replace', entity, version }];
  if (transition !== null) {
    const step = `${name}~${padded(transition.number)}`;
    actions.push(
      { kind: 'insert', entity: { partitionKey, rowKey: `t~${step}`, ...packJson('body', transition) } },
      { kind: 'insert', entity: { partitionKey, rowKey: `o~${step}`, ...packJson('body', effects) } },
    );
  } else if (effects.length > 0) {
    throw new TypeError(`Finding ${finding.id} has effects without a transition: nothing would ever send them`);
  }
  return actions;
}

/** Every finding of an account or subject, whatever its state. @param hash of its place */
export function findingsOfPlace(partition: string, hash: string): RowRange {
  return { partitionKey: keyPart(partition), from: `f~${hash}~`, before: `f~${hash}~~` };
}

/** What people and `list` look for, beside the whole finding. */
function columns({ state, outcome, severity }: Finding): Record<string, string> {
  return { state, outcome, severity };
}

const actionLimit = 100;
/** The service's limit is 4 MiB for the request; the rest is for what surrounds each entity in it. */
const byteLimit = 3.5 * 1024 * 1024;
const surroundingBytes = 1024;

/** Groups of rows as transactions hold them; the rows of one group stay together. */
export function transactionsOf(groups: readonly (readonly Action[])[]): Action[][] {
  const transactions: Action[][] = [];
  let current: Action[] = [];
  let bytes = 0;
  for (const group of groups) {
    const size = group.reduce((sum, action) => sum + Buffer.byteLength(JSON.stringify(action)) + surroundingBytes, 0);
    if (current.length > 0 && (current.length + group.length > actionLimit || bytes + size > byteLimit)) {
      transactions.push(current);
      current = [];
      bytes = 0;
    }
    current.push(...group);
    bytes += size;
  }
  if (current.length > 0) transactions.push(current);
  return transactions;
}
