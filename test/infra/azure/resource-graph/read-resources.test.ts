import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../../domain/model/collection.ts';
import { readResources } from '../../../../infra/azure/resource-graph/read-resources.ts';
import type { RowsReader } from '../../../../infra/azure/resource-graph/read-all-rows.ts';

/** With no subscription to ask about, nothing is asked. */
const unasked = {} as RowsReader;

describe('readResources in a scope without subscriptions', () => {
  it('knows that there is nothing, where the scope was seen whole', async () => {
    const read = await readResources(
      unasked,
      { collection: 'storage-accounts', query: 'q', needs: 'Reader' },
      { ids: [], gaps: [] },
    );

    expect(read).toEqual(known([]));
  });

  it('knows nothing, where the scope was not seen', async () => {
    const failure = { reason: 'not-visible', needs: 'Reader' } as const;
    const gaps = [{ scope: 'tenant', failure }];

    const read = await readResources(
      unasked,
      { collection: 'storage-accounts', query: 'q', needs: 'Reader' },
      { ids: [], gaps },
    );

    expect(read).toEqual(unavailable({ collection: 'storage-accounts', scope: 'tenant', ...failure }));
  });
});
