import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../domain/findings/finding.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { packJson } from '../../../../infra/azure/tables/json-properties.ts';
import { placeHash } from '../../../../infra/azure/tables/keys.ts';
import type { Table } from '../../../../infra/azure/tables/table.ts';
import { accountKey, finding, noon, opening, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

/** Puts a finding there as another version may have written it. */
async function put(table: Table, stored: Readonly<Record<string, unknown>>): Promise<void> {
  await table.upsert({
    partitionKey: subscriptionId,
    rowKey: `f~${placeHash(accountKey('profiles'))}~consent-granted`,
    findingId: 'profiles/consent-granted',
    state: String(stored['state']),
    ...packJson('body', stored),
  });
}

describe('A stored finding', () => {
  it('of an older version reads with what it did not know of', async () => {
    const table = freshTable();
    const {
      openedAt: _1,
      flaps: _2,
      acknowledgement: _3,
      waiver: _4,
      waiversBrokenAt: _5,
      repair: _6,
      repairAttempts: _7,
      ...older
    } = finding('profiles');
    await put(table, older);

    const [stored] = await createFindingStore(table).read(subscriptionId, [accountKey('profiles')]);
    expect(stored?.finding).toEqual(finding('profiles'));
  });

  it('of an older version that is being mended has made as many attempts as its repair says', async () => {
    const table = freshTable();
    const repair = { jobId: 'j', expiresAt: noon, attempt: 2 };
    const { repairAttempts: _, ...older } = finding('profiles', { state: 'remediating', repair });
    await put(table, older);

    expect((await createFindingStore(table).readAll(subscriptionId)).map((one) => one.finding.repairAttempts)).toEqual([
      2,
    ]);
  });

  it('of an older version that has come back before began its episode with its last change', async () => {
    const table = freshTable();
    const { openedAt: _, ...older } = finding('profiles', { episode: 2, changedAt: noon + 5 });
    await put(table, older);

    expect((await createFindingStore(table).readAll(subscriptionId)).map((one) => one.finding.openedAt)).toEqual([
      noon + 5,
    ]);
  });

  it('of a newer version keeps its state, and what is new in it, through a change', async () => {
    const table = freshTable();
    const store = createFindingStore(table);
    await put(table, { ...finding('profiles'), state: 'quarantined', ticket: 'T-1' });
    const [stored] = await store.find('profiles/consent-granted');
    if (stored === undefined) throw new Error('not there');
    expect(stored.finding).toMatchObject({ state: 'quarantined', ticket: 'T-1' });

    const next = { ...stored.finding, title: 'Other' } as Finding;
    await store.commit(subscriptionId, [{ finding: next, version: stored.version, transition: null, effects: [] }]);
    expect((await store.readAll(subscriptionId))[0]?.finding).toMatchObject({ title: 'Other', ticket: 'T-1' });
  });
});

it('A finding that an older version left being mended is in its first attempt', async () => {
  const table = freshTable();
  await put(table, { ...finding('profiles'), state: 'remediating', repair: { jobId: 'j1', expiresAt: noon } });

  expect((await createFindingStore(table).readAll(subscriptionId))[0]?.finding.repair).toEqual({
    jobId: 'j1',
    expiresAt: noon,
    attempt: 1,
  });
});

describe('Findings are found', () => {
  it('in any of several states, and all of them where none is given', async () => {
    const table = freshTable();
    const store = createFindingStore(table);
    await store.commit(subscriptionId, [
      opening('one'),
      opening('two', { state: 'waived' }),
      opening('three', { state: 'resolved' }),
    ]);
    await put(table, { ...finding('profiles'), state: 'quarantined' });
    const idsOf = async (...states: readonly Finding['state'][]): Promise<readonly string[]> =>
      (await collect(store.list(...states))).map(({ account }) => account?.name ?? '-').sort();

    expect(await idsOf('open', 'waived')).toEqual(['one', 'two']);
    expect(await idsOf('acknowledged')).toEqual([]);
    expect(await idsOf()).toEqual(['one', 'profiles', 'three', 'two']);
  });

  it('by id, case ignored, in every subscription', async () => {
    const store = createFindingStore(freshTable());
    await store.commit(subscriptionId, [opening('profiles')]);
    await store.commit('another', [opening('profiles')]);

    expect(await store.find('profiles/consent-granted')).toHaveLength(2);
    expect(await store.find('Profiles/Consent-Granted')).toHaveLength(2);
    expect(await store.find("profiles' or '1' eq '1")).toEqual([]);
  });
});
