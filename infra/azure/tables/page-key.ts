import type { Table } from './table.ts';

const partitionKey = 'api';
const rowKey = 'page-key';

/**
 * The key that page tokens are signed with: one row of table `runs`, made by whoever needs it first, so that every instance
 * of the app has the same. It opens nothing: whoever reads the table reads the findings as well.
 * @param newKey a random key, for the case that there is none yet
 */
export function createPageKey(table: Table, newKey: () => string): () => Promise<string> {
  let known: string | null = null;

  async function stored(): Promise<string | null> {
    const key = (await table.get(partitionKey, rowKey))?.properties['key'];
    return typeof key === 'string' && key !== '' ? key : null;
  }

  return async () => {
    known ??= await stored();
    if (known !== null) return known;
    const made = newKey();
    // Of two that make one at the same time the first counts.
    const isFirst = await table.insert({ partitionKey, rowKey, key: made });
    known = isFirst ? made : await stored();
    if (known === null)
      throw new TypeError('Row page-key of table runs holds no key: remove the row, and it is made anew');
    return known;
  };
}
