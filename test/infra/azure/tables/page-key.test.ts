import { describe, expect, it } from 'vitest';
import { createPageKey } from '../../../../infra/azure/tables/page-key.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();

describe('the key of page tokens', () => {
  it('is the same for all that ask at once, and for whoever asks later', async () => {
    const table = freshTable();
    let made = 0;
    const instances = Array.from({ length: 4 }, () => createPageKey(table, () => `key ${String((made += 1))}`));

    const keys = await Promise.all(instances.map((instance) => instance()));
    const later = await createPageKey(table, () => 'another')();

    expect(new Set([...keys, later]).size).toBe(1);
  });

  it('that somebody emptied is not taken for one', async () => {
    const table = freshTable();
    await table.upsert({ partitionKey: 'api', rowKey: 'page-key', key: '' });

    await expect(createPageKey(table, () => 'key')()).rejects.toThrow('remove the row');
  });
});
