import { expect, it } from 'vitest';
import { createAccountLinks } from '../../../../infra/azure/tables/account-links.ts';
import { createAccountReads } from '../../../../infra/azure/tables/account-reads.ts';
import { createFormerKeys } from '../../../../infra/azure/tables/former-keys.ts';
import { createKnownAccounts } from '../../../../infra/azure/tables/known-accounts.ts';
import { accountId, accountKey, noon, subscriptionId } from '../samples.ts';
import { useStorage } from './stored.ts';

const { freshTable } = useStorage();
const group = `/subscriptions/${subscriptionId}/resourcegroups/files`;

async function known() {
  const table = freshTable();
  const reads = createAccountReads(table);
  const elsewhere = accountKey('other').replace('resourcegroups/files', 'resourcegroups/files2');
  for (const key of [accountKey('profiles'), elsewhere]) await reads.record(subscriptionId, key, noon);
  const link = { host: 'h', apps: [], grantIds: [], unread: [], readAt: noon };
  await createAccountLinks(table).save(
    subscriptionId,
    ['homes', 'profiles'].map((name) => ({ ...link, accountId: accountId(name), accountKey: accountKey(name) })),
  );
  // Where an account was before is no account.
  await createFormerKeys(table).record(accountKey('profiles'), accountKey('former'));
  return { known: createKnownAccounts(table), elsewhere };
}

it('names the known accounts below a resource group, a subscription, or of one account', async () => {
  const { known: accounts, elsewhere } = await known();
  const below = [accountKey('homes'), accountKey('profiles')];

  expect(await accounts.under(group, 10)).toEqual(below);
  expect(await accounts.under(`/subscriptions/${subscriptionId}`, 10)).toEqual([...below, elsewhere].sort());
  expect(await accounts.under(accountKey('homes'), 10)).toEqual([accountKey('homes')]);
  expect(await accounts.under('/subscriptions/33333333-3333-3333-3333-333333333333', 10)).toEqual([]);
});

it('says when there are more than were asked for, and when it cannot tell what lies below', async () => {
  const { known: accounts } = await known();

  expect(await accounts.under(group, 1)).toBeNull();
  expect(await accounts.under(group, 2)).toHaveLength(2);
  expect(await accounts.under('/providers/microsoft.management/managementgroups/contoso', 10)).toBeNull();
  expect(await accounts.under('/', 10)).toBeNull();
});
