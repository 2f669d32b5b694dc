import { describe, expect, it } from 'vitest';
import { failedReads } from '../../../cli/report/failed-reads.ts';
import { type CollectionName, type Gap, type GapReason, gapReasons } from '../../../domain/model/collection.ts';

function gap(reason: GapReason, collection: CollectionName = 'service-principals', scope = 'tenant'): Gap {
  return { collection, scope, reason, needs: null };
}

const told: readonly GapReason[] = ['throttled', 'truncated', 'malformed', 'unreachable', 'server-error'];

describe('failedReads', () => {
  it.each(told)('has a line for %s that says what, why and what to do next', (reason) => {
    const [live = '', snapshot = ''] = (['live', 'snapshot'] as const).flatMap((source) =>
      failedReads([gap(reason)], source),
    );

    for (const line of [live, snapshot]) {
      expect(line).toMatch(/^service-principals could not be read(?: whole)?: [^.]+\. \S[^]*\.$/u);
    }
    expect(live).not.toBe(snapshot);
    expect(snapshot).toContain('snapshot');
  });

  it('has no line for what is told elsewhere, or what nobody asked for', () => {
    const others = gapReasons.filter((reason) => !told.includes(reason));

    expect(others).toContain('forbidden');
    expect(
      failedReads(
        others.map((reason) => gap(reason)),
        'live',
      ),
    ).toEqual([]);
  });

  it('says what is wrong with an object, and where to look', () => {
    expect(failedReads([gap('malformed')], 'snapshot')).toEqual([
      'service-principals could not be read whole: an object in it is not what its schema says, or contradicts another of the same id. Take the snapshot again; if that does not help, look at the objects in service-principals.ndjson.',
    ]);
  });

  it('says how to reach what was not reached', () => {
    expect(failedReads([gap('unreachable', 'storage-accounts')], 'live')[0]).toMatch(
      /^storage-accounts could not be read: .*KERBWATCH_ARM_ENDPOINT/u,
    );
    expect(failedReads([gap('unreachable', 'applications')], 'live')[0]).toContain('KERBWATCH_GRAPH_ENDPOINT');
  });

  it('is one line for all places of a collection that failed alike', () => {
    const gaps = [1, 2, 3, 4, 5].map((n) => gap('throttled', 'file-services', `/subscriptions/s${n}/resourcegroups/x`));

    expect(failedReads([...gaps, ...gaps], 'live')).toEqual([
      expect.stringMatching(
        /^file-services of \/subscriptions\/s1, \/subscriptions\/s2, \/subscriptions\/s3 and 2 more could not be read: /u,
      ),
    ]);
    expect(failedReads([gap('throttled'), gap('truncated')], 'live')).toHaveLength(2);
  });
});
