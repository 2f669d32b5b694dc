import type { FactStore, FactsToSave, KnownFacts, StoredFacts } from '../../../domain/audit/drift-ports.ts';
import type { Row } from './entity.ts';
import { transactionsOf } from './finding-rows.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash } from './keys.ts';
import type { Action, Table } from './table.ts';

interface Body {
  readonly accountKey: string;
  readonly facts: KnownFacts;
}

/** Up to so many accounts are asked for one by one; for more the whole partition is read. */
const fewAccounts = 8;

/** Table `accounts`: partition = subscription id, row = `facts~` and the account's hash. */
export function createFactStore(table: Table): FactStore {
  async function rowsFor(partitionKey: string, accountKeys: readonly string[]): Promise<readonly Row[]> {
    if (accountKeys.length <= fewAccounts) {
      const rows = await Promise.all(accountKeys.map((key) => table.get(partitionKey, rowKeyOf(key))));
      return rows.filter((row) => row !== null);
    }
    return Array.fromAsync(table.rows({ partitionKey, from: 'facts~', before: 'facts~~' }));
  }

  async function saveOne(action: Exclude<Action, { kind: 'delete' }>): Promise<boolean> {
    if (action.kind === 'replace') return (await table.replace(action.entity, action.version)) !== null;
    return table.insert(action.entity);
  }

  return {
    async of(subscriptionId, accountKeys) {
      const wanted = new Set(accountKeys);
      const stored = new Map<string, StoredFacts>();
      for (const row of await rowsFor(keyPart(subscriptionId), accountKeys)) {
        const { accountKey, facts } = unpackJson('body', row.properties) as Body;
        if (wanted.has(accountKey)) stored.set(accountKey, { facts: { ...empty, ...facts }, version: row.version });
      }
      return stored;
    },
    async save(subscriptionId, entries) {
      const partitionKey = keyPart(subscriptionId);
      const byRow = new Map(entries.map((entry) => [rowKeyOf(entry.accountKey), entry.accountKey]));
      const lost: string[] = [];
      for (const actions of transactionsOf(entries.map((entry) => [actionOf(partitionKey, entry)]))) {
        if (await table.transact(actions)) continue;
        // One of them was written by somebody else, and which one a transaction does not say.
        for (const action of actions) {
          if (action.kind === 'delete' || (await saveOne(action))) continue;
          lost.push(byRow.get(action.entity.rowKey) ?? '');
        }
      }
      return lost;
    },
  };
}

/** What a row of an older version may lack. */
const empty = { unread: [], pending: [], revision: 0 } satisfies Partial<KnownFacts>;

function rowKeyOf(accountKey: string): string {
  return `facts~${placeHash(accountKey)}`;
}

function actionOf(partitionKey: string, { accountKey, facts, version }: FactsToSave): Action {
  const entity = {
    partitionKey,
    rowKey: rowKeyOf(accountKey),
    fingerprint: facts.fingerprint,
    ...packJson('body', { accountKey, facts } satisfies Body),
  };
  return version === null ? { kind: 'insert', entity } : { kind: 'replace', entity, version };
}
