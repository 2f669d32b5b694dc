import { expect, it } from 'vitest';
import { StoreUnreachable } from '../../../../infra/azure/store-unreachable.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { createOutbox } from '../../../../infra/azure/tables/outbox.ts';
import { accountKey, opening, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { storage, freshTable } = useStorage();

it('names the host and the table while storage is down, and goes on with what was stored once it is back', async () => {
  const table = freshTable();
  const store = createFindingStore(table);
  const outbox = createOutbox(table);
  await store.commit(subscriptionId, [opening('profiles')]);

  await storage().stopTables();
  const failures = await Promise.allSettled([
    store.read(subscriptionId, [accountKey('profiles')]),
    store.commit(subscriptionId, [opening('homes')]),
    outbox.remove(subscriptionId, 'o~x'),
    collect(outbox.entries(subscriptionId)),
    table.get('a', 'b'),
  ]);
  await storage().startTables();

  const { host } = new URL(storage().tableEndpoint);
  for (const failure of failures) {
    expect(failure).toMatchObject({ reason: expect.any(StoreUnreachable) as unknown });
    expect(failure).toMatchObject({ reason: { host, message: expect.stringMatching(/table\d+ .*ECONN/) as unknown } });
  }
  await store.commit(subscriptionId, [opening('homes')]);
  expect(await collect(outbox.entries(subscriptionId))).toHaveLength(2);
});
