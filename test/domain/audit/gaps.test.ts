import { describe, expect, it } from 'vitest';
import { foldedGaps } from '../../../domain/audit/gaps.ts';
import { distinctGaps } from '../../../domain/model/distinct-gaps.ts';
import type { Gap } from '../../../domain/model/collection.ts';
import { gap, guid } from '../build.ts';
import { kerberosAccount } from '../estate.ts';

function overAccounts(count: number, subscriptions = 1, over: Partial<Gap> = {}): Gap[] {
  return Array.from({ length: count }, (_, index) => {
    const { key } = kerberosAccount(`account${String(index)}`, 2 + (index % subscriptions));
    return { ...gap('file-services'), scope: key, ...over };
  });
}

describe('Gaps', () => {
  it('are named once, in the same order whatever order they came in', () => {
    const gaps = [gap('applications'), ...overAccounts(3)];

    expect(distinctGaps([...gaps, ...gaps].reverse())).toEqual(distinctGaps(gaps));
    expect(distinctGaps([...gaps, ...gaps])).toHaveLength(4);
  });

  it('are told account by account while they are few', () => {
    expect(foldedGaps(overAccounts(50))).toHaveLength(50);
  });

  it('are told by subscription when one reason hides many accounts', () => {
    const told = foldedGaps([gap('applications'), ...overAccounts(51, 2)]);

    expect(told.map(({ collection, scope }) => [collection, scope])).toEqual([
      ['applications', 'tenant'],
      ['file-services', `/subscriptions/${guid(2)}`],
      ['file-services', `/subscriptions/${guid(3)}`],
    ]);
  });

  it('are told of the tenant when they lie in many subscriptions', () => {
    expect(foldedGaps(overAccounts(200, 51))).toEqual([gap('file-services')]);
  });

  it('are kept apart by reason and by what would mend them', () => {
    const told = foldedGaps([...overAccounts(51), ...overAccounts(1, 1, { reason: 'throttled', needs: null })]);

    expect(told.map(({ reason, scope }) => [reason, scope])).toEqual([
      ['forbidden', `/subscriptions/${guid(2)}`],
      ['throttled', kerberosAccount('account0').key],
    ]);
  });
});
