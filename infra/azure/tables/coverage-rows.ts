import type { Coverage } from '../../../domain/model/coverage.ts';
import type { Row } from './entity.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart } from './keys.ts';
import type { Action, Table } from './table.ts';

const transactionLimit = 100;

/** Rows `cover~<collection>~<subscription, or tenant>` in the partition of a run: what was read of it, whether whole, and when last. */
export async function keepCoverageRows(table: Table, runId: string, entries: readonly Coverage[]): Promise<void> {
  const partitionKey = keyPart(runId);
  const actions = entries.map((entry): Action => {
    const rowKey = `cover~${keyPart(entry.collection)}~${keyPart(entry.place)}`;
    return { kind: 'upsert', entity: { partitionKey, rowKey, ...packJson('body', entry) } };
  });
  for (let start = 0; start < actions.length; start += transactionLimit) {
    await table.transact(actions.slice(start, start + transactionLimit));
  }
}

/** By collection and place. */
export async function coverageRows(table: Table, runId: string): Promise<readonly Coverage[]> {
  const entries: Coverage[] = [];
  const range = { partitionKey: keyPart(runId), from: 'cover~', before: 'cover~~' };
  for await (const row of table.rows(range)) entries.push(coverageOf(row));
  return entries;
}

function coverageOf(row: Row): Coverage {
  return unpackJson('body', row.properties) as Coverage;
}
