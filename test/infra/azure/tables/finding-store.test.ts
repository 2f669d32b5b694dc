import { describe, expect, it } from 'vitest';
import { FindingConflict } from '../../../../domain/audit/ports.ts';
import { EntityTooLarge } from '../../../../infra/azure/tables/entity.ts';
import { createFindingStore } from '../../../../infra/azure/tables/finding-store.ts';
import { UnsafeKey } from '../../../../infra/azure/tables/keys.ts';
import { createOutbox } from '../../../../infra/azure/tables/outbox.ts';
import { accountKey, finding, opening, subscriptionId, tenantFinding, transitionOf } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

describe('the finding store', () => {
  it('gives back what was committed, with a version that the next commit needs', async () => {
    const store = createFindingStore(freshTable());

    await store.commit(subscriptionId, [opening('profiles')]);
    const [stored] = await store.read(subscriptionId, [accountKey('profiles')]);
    const resolved = finding('profiles', { state: 'resolved', transitions: 2 });
    await store.commit(subscriptionId, [
      { finding: resolved, version: stored?.version ?? '', transition: transitionOf(resolved), effects: [] },
    ]);

    expect(stored?.finding).toEqual(finding('profiles'));
    expect(await store.read(subscriptionId, [accountKey('profiles')])).toMatchObject([{ finding: resolved }]);
  });

  it('reads nothing where no table is yet', async () => {
    const store = createFindingStore(freshTable());

    expect(await store.read(subscriptionId, [accountKey('profiles')])).toEqual([]);
  });

  it('reads the accounts asked for and no others, few or many, and none of another subscription', async () => {
    const store = createFindingStore(freshTable());
    const names = Array.from({ length: 12 }, (_, index) => `account${String(index)}`);
    await store.commit(
      subscriptionId,
      names.map((name) => opening(name)),
    );
    const read = async (wanted: readonly string[]): Promise<string[]> =>
      (await store.read(subscriptionId, wanted.map(accountKey)))
        .map(({ finding }) => finding.account?.name ?? '')
        .sort();

    expect(await read([])).toEqual([]);
    expect(await read(['account3', 'account7'])).toEqual(['account3', 'account7']);
    expect(await read(names.slice(0, 6))).toEqual(names.slice(0, 6));
    expect(await store.read('another', names.map(accountKey))).toEqual([]);
  });

  it('lists findings by state', async () => {
    const store = createFindingStore(freshTable());
    await store.commit(subscriptionId, [opening('open'), opening('done', { state: 'resolved' })]);

    expect((await collect(store.list('resolved'))).map(({ id }) => id)).toEqual(['done/consent-granted']);
  });

  it('gives all findings about accounts, in whatever state and subscription, and none about the tenant', async () => {
    const store = createFindingStore(freshTable());
    await store.commit(subscriptionId, [opening('open'), opening('done', { state: 'gone' })]);
    const subject = 'some-app';
    await store.commit('-', [
      { finding: tenantFinding(subject), version: null, transition: transitionOf(tenantFinding(subject)), effects: [] },
    ]);

    expect((await collect(store.ofAccounts())).map(({ id }) => id).sort()).toEqual([
      'done/consent-granted',
      'open/consent-granted',
    ]);
  });

  it('gives every finding once over pages of any size, over all subscriptions, in whatever state', async () => {
    const store = createFindingStore(freshTable());
    const other = '33333333-3333-3333-3333-333333333333';
    for (const partition of [subscriptionId, other]) {
      await store.commit(partition, [opening('a'), opening('b', { state: 'gone' }), opening('c')]);
    }
    const subject = tenantFinding('some-app');
    await store.commit('-', [{ finding: subject, version: null, transition: transitionOf(subject), effects: [] }]);

    for (const size of [1, 2, 3, 6, 7, 8]) {
      const seen: string[] = [];
      let after: string | null = null;
      for (let isLast = false; !isLast;) {
        const page = await store.page(after, size);
        expect(page.findings.length).toBeLessThanOrEqual(size);
        seen.push(...page.findings.map(({ position }) => position));
        ({ isLast } = page);
        after = page.findings.at(-1)?.position ?? null;
      }
      expect(seen).toHaveLength(7);
      expect(seen.toSorted()).toEqual(seen);
      expect(new Set(seen).size).toBe(7);
    }
    expect(await createFindingStore(freshTable()).page(null, 5)).toEqual({ findings: [], isLast: true });
  });

  it('gives on a page what the next commit needs', async () => {
    const store = createFindingStore(freshTable());
    await store.commit(subscriptionId, [opening('profiles')]);
    const [stored] = await store.read(subscriptionId, [accountKey('profiles')]);

    expect((await store.page(null, 1)).findings).toMatchObject([{ ...stored }]);
  });

  it('commits 250 findings with their transitions at once', async () => {
    const table = freshTable();
    const store = createFindingStore(table);
    const names = Array.from({ length: 250 }, (_, index) => `account${String(index)}`);

    await store.commit(
      subscriptionId,
      names.map((name) => opening(name)),
    );

    expect(await store.read(subscriptionId, names.map(accountKey))).toHaveLength(250);
    expect(await collect(createOutbox(table).entries(subscriptionId))).toHaveLength(250);
  });

  it('lets one of two writers of a finding through', async () => {
    const store = createFindingStore(freshTable());
    await store.commit(subscriptionId, [opening('profiles')]);
    const [stored] = await store.read(subscriptionId, [accountKey('profiles')]);
    const write = (title: string): Promise<void> => {
      const next = finding('profiles', { title, transitions: 2 });
      return store.commit(subscriptionId, [
        { finding: next, version: stored?.version ?? '', transition: transitionOf(next), effects: [] },
      ]);
    };

    const outcomes = await Promise.allSettled([write('first'), write('second')]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rejected = outcomes.find(({ status }) => status === 'rejected');
    expect(rejected).toMatchObject({ reason: expect.any(FindingConflict) as unknown });
  });

  it('lets one of two that open the same finding through', async () => {
    const store = createFindingStore(freshTable());

    await store.commit(subscriptionId, [opening('profiles')]);

    await expect(store.commit(subscriptionId, [opening('profiles')])).rejects.toThrow(FindingConflict);
  });

  it('writes nothing of a transaction in which one finding conflicts, and keeps the transactions before it', async () => {
    const table = freshTable();
    const store = createFindingStore(table);
    await store.commit(subscriptionId, [opening('taken')]);
    const names = Array.from({ length: 40 }, (_, index) => `account${String(index)}`);
    // Three rows a finding: 33 fill the first transaction, the rest share the second with the one that conflicts.
    const commits = [...names.map((name) => opening(name)), opening('taken')];

    const conflict: unknown = await store.commit(subscriptionId, commits).catch((error: unknown) => error);

    expect(conflict).toBeInstanceOf(FindingConflict);
    expect(conflict).toMatchObject({ committed: 33 });
    const kept = (await store.read(subscriptionId, names.map(accountKey))).map(({ finding }) => finding.account?.name);
    expect(new Set(kept)).toEqual(new Set(names.slice(0, 33)));
    // As many outbox rows: no transition stands without its finding.
    expect(await collect(createOutbox(table).entries(subscriptionId))).toHaveLength(33 + 1);
  });

  it('keeps evidence that is longer than a property, and refuses what is longer than an entity', async () => {
    const store = createFindingStore(freshTable());
    const names = Array.from({ length: 5000 }, (_, index) => `policy ${String(index)} 🎫`);

    await store.commit(subscriptionId, [opening('long', { evidence: { names } })]);
    const tooLong = store.commit(subscriptionId, [opening('longer', { evidence: { text: 'x'.repeat(600_000) } })]);

    await expect(tooLong).rejects.toThrow(EntityTooLarge);
    const [stored] = await store.read(subscriptionId, [accountKey('long')]);
    expect(stored?.finding.evidence).toEqual({ names });
  });

  it('cuts commits into transactions by size too', async () => {
    const store = createFindingStore(freshTable());
    const evidence = { text: 'é'.repeat(400_000) };
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

    await store.commit(
      subscriptionId,
      names.map((name) => opening(name, { evidence })),
    );

    expect(await store.read(subscriptionId, names.map(accountKey))).toHaveLength(7);
  });

  it('refuses effects that no transition would ever send', async () => {
    const store = createFindingStore(freshTable());

    await expect(store.commit(subscriptionId, [{ ...opening('profiles'), transition: null }])).rejects.toThrow(
      TypeError,
    );
  });

  it('refuses a subscription id that cannot be a key', async () => {
    await expect(createFindingStore(freshTable()).read('a/b', [])).rejects.toThrow(UnsafeKey);
  });

  it('keeps findings about the tenant in a partition of their own, each subject and rule apart', async () => {
    const store = createFindingStore(freshTable());
    const findings = [
      tenantFinding('a'),
      tenantFinding('b'),
      tenantFinding('a', { rule: 'mfa-exclusion-not-orphaned' }),
    ];
    await store.commit(subscriptionId, [opening('profiles')]);
    await store.commit(
      '-',
      findings.map((finding) => ({ finding, version: null, transition: transitionOf(finding), effects: [] })),
    );

    const stored = (await store.readAll('-')).map(({ finding }) => finding);

    expect(stored).toHaveLength(3);
    expect(stored).toEqual(expect.arrayContaining(findings));
    expect((await store.readAll(subscriptionId)).map(({ finding }) => finding)).toEqual([finding('profiles')]);
  });

  it('lets one of two writers of a finding about the tenant through', async () => {
    const store = createFindingStore(freshTable());
    const opened = tenantFinding('a');
    const commit = { finding: opened, version: null, transition: transitionOf(opened), effects: [] };
    await store.commit('-', [commit]);

    await expect(store.commit('-', [commit])).rejects.toThrow(FindingConflict);
  });
});
