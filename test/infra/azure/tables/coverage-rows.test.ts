import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../../domain/model/coverage.ts';
import { createRunStore } from '../../../../infra/azure/tables/run-store.ts';
import { noon, subscriptionId } from '../samples.ts';
import { collect, useStorage } from './stored.ts';

const { freshTable } = useStorage();

function entry(over: Partial<Coverage> = {}): Coverage {
  return {
    collection: 'storage-accounts',
    place: subscriptionId,
    rows: 7,
    pages: null,
    gaps: [],
    readAt: noon,
    ...over,
  };
}

describe('the coverage ledger in the table of runs', () => {
  it('is one row for each collection and subscription, in the partition of the run', async () => {
    const table = freshTable();
    const kept = [entry({ place: 'tenant', pages: 3 }), entry()];
    await createRunStore(table).keepCoverage('r1', kept);

    expect((await collect(table.rows({ partitionKey: 'r1' }))).map(({ rowKey }) => rowKey)).toEqual([
      `cover~storage-accounts~${subscriptionId}`,
      'cover~storage-accounts~tenant',
    ]);
    expect(await createRunStore(table).coverage('r1')).toEqual(kept.toReversed());
  });

  it('replaces an entry of the same collection and place, and keeps the others', async () => {
    const runs = createRunStore(freshTable());
    const missing = entry({ gaps: [{ reason: 'not-visible', needs: 'Reader on the subscription' }], readAt: null });
    await runs.keepCoverage('r1', [entry(), entry({ collection: 'file-services' })]);
    await runs.keepCoverage('r1', [missing]);

    expect(await runs.coverage('r1')).toEqual([entry({ collection: 'file-services' }), missing]);
  });

  it('holds more subscriptions than a transaction', async () => {
    const runs = createRunStore(freshTable());
    const many = Array.from({ length: 250 }, (_, index) => entry({ place: `sub-${String(index).padStart(3, '0')}` }));
    await runs.keepCoverage('r1', many);

    expect(await runs.coverage('r1')).toEqual(many);
  });

  it('is empty for a run that kept none', async () => {
    const runs = createRunStore(freshTable());
    await runs.keepCoverage('r1', []);

    expect([await runs.coverage('r1'), await runs.coverage('r2')]).toEqual([[], []]);
  });
});
