import { expect, it } from 'vitest';
import type { AccountLink } from '../../../../domain/audit/account-link.ts';
import type { WatchedPosition } from '../../../../domain/audit/watch-ports.ts';
import { createAccountLinks } from '../../../../infra/azure/tables/account-links.ts';
import { createAccountReads } from '../../../../infra/azure/tables/account-reads.ts';
import { createWatchMarks } from '../../../../infra/azure/tables/watch-marks.ts';
import { createWatchStore } from '../../../../infra/azure/tables/watch-store.ts';
import { watchedPolicy } from '../../../../infra/directory-deltas.ts';
import { accountKey, noon, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

function link(name: string): AccountLink {
  const key = accountKey(name);
  const apps = [{ appId: `app-${name}`, applicationId: null, principalId: `principal-${name}` }];
  return {
    accountId: key.toUpperCase(),
    accountKey: key,
    host: `${name}.host`,
    apps,
    grantIds: ['Ab-_'],
    unread: [],
    readAt: noon,
  };
}

it('keeps the links of accounts, by subscription and all together, and forgets one that is gone', async () => {
  const table = freshTable();
  const links = createAccountLinks(table);
  await createAccountReads(table).record(subscriptionId, accountKey('a'), noon);
  // More than one transaction holds.
  const many = Array.from({ length: 120 }, (_, number) => link(`n${String(number)}`));
  await links.save(subscriptionId, many);
  await links.save('another', [{ ...link('elsewhere'), accountKey: '/subscriptions/another/elsewhere' }]);
  await links.save(subscriptionId, [{ ...link('n7'), grantIds: [] }]);
  await links.remove(subscriptionId, accountKey('n8'), noon + 1);
  await links.remove(subscriptionId, accountKey('n8'), noon + 2);
  await links.remove(subscriptionId, accountKey('never-there'), noon + 2);

  const some = await links.of(subscriptionId, ['n7', 'n8', 'n9'].map(accountKey));

  expect([...some.values()].sort((a, b) => (a.host < b.host ? -1 : 1))).toEqual([
    { ...link('n7'), grantIds: [] },
    link('n9'),
  ]);
  expect(await links.of(subscriptionId, [])).toEqual(new Map());
  expect(await collect(links.all())).toHaveLength(120);
  expect(await collect(links.removed())).toEqual([link('n8')]);
});

it('keeps how far each list was watched, and reads a list that a newer version watches as nothing', async () => {
  const table = freshTable();
  const store = createWatchStore(table, watchedPolicy);
  const gap = {
    collection: 'applications',
    scope: 'tenant',
    reason: 'forbidden',
    needs: 'Application.Read.All',
  } as const;
  const position: WatchedPosition = {
    position: 'x'.repeat(40_000),
    savedAt: noon,
    turn: 2,
    unreadable: { gap, since: noon },
  };
  await store.save('applications', { ...position, turn: 1 });
  await store.save('applications', position);
  await table.upsert({ partitionKey: 'watch', rowKey: 'list~devices', body: '{}' });

  expect(await store.read()).toEqual(new Map([['applications', position]]));
});

it.each(['savedAt', 'turn', 'unreadable', 'startedOverAt'])(
  'goes on from a position that an older version saved without %s',
  async (lacking) => {
    const table = freshTable();
    const whole = { position: 'there', savedAt: 0, turn: 0, unreadable: null, startedOverAt: noon };
    const body = JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== lacking)));
    await table.upsert({ partitionKey: 'watch', rowKey: 'list~applications', body });

    const position = (await createWatchStore(table, watchedPolicy).read()).get('applications');
    expect(position).toMatchObject({ position: 'there', savedAt: 0, turn: 0, unreadable: null });
  },
);

it.each(['apps', 'grantIds', 'readAt'])('reads a link that an older version kept without %s', async (lacking) => {
  const table = freshTable();
  const older = Object.fromEntries(Object.entries(link('profiles')).filter(([name]) => name !== lacking));
  await createAccountLinks(table).save(subscriptionId, [older as unknown as AccountLink]);

  expect(await collect(createAccountLinks(table).all())).toEqual([
    { ...link('profiles'), [lacking]: lacking === 'readAt' ? 0 : [] },
  ]);
});

it('keeps policies as they came, the long ones too, and forgets those that are gone', async () => {
  const store = createWatchStore(freshTable(), watchedPolicy);
  const policy = (id: string, displayName: string) =>
    watchedPolicy({
      id,
      displayName,
      state: 'enabled',
      conditions: { applications: { includeApplications: ['All'] } },
    });
  const many = Array.from({ length: 25 }, (_, number) => policy(`P${String(number)}`, 'x'.repeat(40_000)));
  await store.savePolicies(many, []);
  await store.savePolicies([policy('P1', 'New')], ['p2', 'p3']);

  const kept = await store.policies();

  expect(kept).toHaveLength(23);
  expect(kept.find(({ id }) => id === 'p1')).toEqual(policy('P1', 'New'));
});

it('keeps a mark for each list and account, and forgets none that was set again since it was read', async () => {
  const table = freshTable();
  const marks = createWatchMarks(table);
  await createWatchStore(table, watchedPolicy).save('applications', {
    position: 'p',
    savedAt: noon,
    turn: 1,
    unreadable: null,
  });
  const list = 'conditional-access-policies';
  await marks.set({ list: 'applications', accountId: null, seen: null });
  await marks.set({ list, accountId: accountKey('a').toUpperCase(), seen: 'one' });
  await marks.set({ list, accountId: accountKey('a'), seen: 'other' });
  const read = await marks.all();
  expect(read).toMatchObject([
    { list: 'applications', accountId: null, seen: null },
    { list, accountId: accountKey('a'), seen: 'other' },
  ]);

  await marks.set({ list: 'applications', accountId: null, seen: null });
  for (const mark of read) await marks.remove(mark);
  for (const mark of read) await marks.remove(mark);
  expect(await marks.all()).toMatchObject([{ list: 'applications', accountId: null }]);
});
