import { describe, expect, it } from 'vitest';
import { newWaiver, type WaiverRequest, WaiverInvalid, type WaiverTerms } from '../../../domain/findings/new-waiver.ts';
import { bestWaiver, type Waiver, type WaiverScope } from '../../../domain/findings/waiver.ts';
import { waiverEnd, waiverStart } from '../../../domain/findings/waiver-end.ts';
import { account, guid } from '../build.ts';
import { about, accountKey, day, person, rule, scoped, waiver } from './live.ts';

const finding = { rule, ...about };
const noon = Date.UTC(2026, 10, 21, 12);
const terms: WaiverTerms = {
  now: noon,
  createdBy: person,
  requireApproval: false,
  knownRules: ['mfa-excluded', 'share-permission-assigned'],
};
const ofFinding: WaiverScope = { kind: 'finding', key: accountKey, rule };

function asked(over: Partial<WaiverRequest> = {}, given: Partial<WaiverTerms> = {}): Waiver {
  const made = newWaiver(
    { scope: ofFinding, reason: 'Migration', owner: 'Storage team', until: '2026-12-24', ...over },
    { ...terms, ...given },
  );
  return { id: 'w1', ...made };
}

function problemsOf(over: Partial<WaiverRequest>, given: Partial<WaiverTerms> = {}): readonly string[] {
  try {
    asked(over, given);
  } catch (error) {
    if (error instanceof WaiverInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('The end of a waiver', () => {
  it('given as a day is the end of that day in UTC, its beginning the first instant', () => {
    expect(waiverEnd('2026-12-24')).toBe(Date.UTC(2026, 11, 25));
    expect(waiverStart('2026-12-24')).toBe(Date.UTC(2026, 11, 24));
  });

  it('given as an instant is that instant, wherever it was written', () => {
    expect(waiverEnd('2026-12-24T18:00:00Z')).toBe(Date.UTC(2026, 11, 24, 18));
    expect(waiverEnd('2026-12-24T18:00+02:00')).toBe(Date.UTC(2026, 11, 24, 16));
  });

  it.each([
    '2027-02-30',
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-04-31',
    '2027-02-30T10:00:00Z',
    '2027-01-01T25:00:00Z',
    '2027-01-01T10:00:00',
    '24.12.2026',
    'tomorrow',
    '',
  ])('%j is none', (text) => {
    expect(waiverEnd(text)).toBeNull();
    expect(problemsOf({ until: text })).toEqual([expect.stringContaining(`${JSON.stringify(text)}, is no day`)]);
  });

  it('on 29 February is one in a leap year', () => {
    expect(waiverEnd('2028-02-29')).toBe(Date.UTC(2028, 2, 1));
  });
});

describe('A new waiver', () => {
  it('holds from now to the end of its day, for a reason and an owner', () => {
    expect(asked()).toEqual({
      id: 'w1',
      scope: ofFinding,
      reason: 'Migration',
      owner: { kind: 'team', name: 'Storage team' },
      from: noon,
      until: Date.UTC(2026, 11, 25),
      createdBy: person,
      createdAt: noon,
      approval: { state: 'not-needed' },
      removed: null,
      warnedAt: null,
      settledAt: null,
    });
  });

  it('waits for its approval where settings ask for one', () => {
    expect(asked({}, { requireApproval: true }).approval).toEqual({ state: 'pending' });
  });

  it('takes the object id of a user or group as its owner, and no address of a person', () => {
    expect(asked({ owner: guid(0xab).toUpperCase() }).owner).toEqual({ kind: 'object', id: guid(0xab) });
    expect(problemsOf({ owner: 'jo@contoso.com' })).toEqual([expect.stringContaining("a person's address")]);
  });

  it.each<[string, Partial<WaiverRequest>, string]>([
    ['no reason', { reason: '  ' }, 'it needs a reason'],
    ['no owner', { owner: '' }, 'it needs an owner'],
    ['an end that has passed', { until: '2026-11-20' }, 'has passed'],
    ['an end at this very instant', { until: '2026-11-21T12:00:00Z' }, 'has passed'],
    ['an end before its beginning', { from: '2026-12-25', until: '2026-12-24' }, 'ends before it begins'],
    ['a beginning that is no day', { from: '2026-11-31' }, 'its beginning, "2026-11-31", is no day'],
    ['a rule that is not there', { scope: { kind: 'rule', rule: 'mfa' } }, 'there is no rule mfa'],
    ['a tag without a value', { scope: { kind: 'tag', name: 'env', value: '', rule: null } }, 'a name and a value'],
  ])('with %s is refused', (_what, over, problem) => {
    expect(problemsOf(over)).toEqual([expect.stringContaining(problem)]);
  });

  it('is refused for everything that is wrong at once', () => {
    expect(problemsOf({ reason: '', owner: '', until: '2027-02-30' })).toHaveLength(3);
  });

  it('may end today', () => {
    expect(asked({ until: '2026-11-21' }).until).toBe(Date.UTC(2026, 10, 22));
  });

  it.each<[string, WaiverScope]>([
    ['a core rule', ofFinding],
    ['all rules of an account', { kind: 'account', accountKey, rule: null }],
    ['all rules of a subscription', { kind: 'subscription', subscriptionId: guid(2), rule: null }],
    ['all rules of a tag', { kind: 'tag', name: 'env', value: 'test', rule: null }],
  ])('of %s lasts 365 days at most', (_what, scope) => {
    expect(problemsOf({ scope, until: '2027-11-21' })).toEqual([]);
    expect(problemsOf({ scope, until: '2027-11-22' })).toEqual([
      expect.stringContaining('the latest end is 2027-11-21'),
    ]);
  });

  it('of another rule may last longer', () => {
    expect(problemsOf({ scope: { kind: 'rule', rule: 'share-permission-assigned' }, until: '2029-01-01' })).toEqual([]);
  });

  it('of a core rule is counted from when it is given, however much later it begins', () => {
    expect(problemsOf({ from: '2027-01-01', until: '2027-11-21' })).toEqual([]);
    expect(problemsOf({ from: '2027-01-01', until: '2027-11-22' })).toHaveLength(1);
  });

  it('of a core rule that began before is counted from then', () => {
    expect(problemsOf({ from: '2026-11-01', until: '2027-11-01' })).toEqual([]);
    expect(problemsOf({ from: '2026-11-01', until: '2027-11-02' })).toHaveLength(1);
  });
});

describe('Of several waivers', () => {
  const subscriptionId = account().subscriptionId;
  const all = [
    scoped({ kind: 'rule', rule }),
    scoped({ kind: 'subscription', subscriptionId, rule: null }),
    scoped({ kind: 'subscription', subscriptionId, rule }, { id: 'subscription-rule' }),
    scoped({ kind: 'tag', name: 'Env', value: 'Test', rule: null }),
    scoped({ kind: 'account', accountKey, rule: null }),
    scoped({ kind: 'account', accountKey, rule }, { id: 'account-rule' }),
    scoped(ofFinding),
  ];
  const tagsOf = () => ({ env: 'test' });
  const best = (given: readonly Waiver[]): string | undefined =>
    bestWaiver(finding, { all: given, tagsOf }, waiver().from)?.id;

  it('the most specific counts, whatever their order', () => {
    const order: (string | undefined)[] = [];
    for (let left = all; left.length > 0; left = left.filter(({ id }) => id !== order.at(-1))) {
      expect(best(left.toReversed())).toBe(best(left));
      order.push(best(left));
    }
    expect(order).toEqual(['finding', 'account-rule', 'account', 'tag', 'subscription-rule', 'subscription', 'rule']);
  });

  it('the one that ends last counts where they are alike', () => {
    const long = waiver({ id: 'long', until: waiver().until + day });
    expect([best([long, waiver()]), best([waiver(), long])]).toEqual(['long', 'long']);
  });

  it('none counts that is about something else', () => {
    const others = [
      scoped({ kind: 'rule', rule: 'consent-granted' }),
      scoped({ kind: 'account', accountKey, rule: 'consent-granted' }),
      scoped({ kind: 'account', accountKey: `${accountKey}2`, rule: null }),
      scoped({ kind: 'subscription', subscriptionId: guid(3), rule: null }),
      scoped({ kind: 'tag', name: 'env', value: 'production', rule: null }),
      scoped({ kind: 'finding', key: accountKey, rule: 'consent-granted' }),
    ];
    expect(best(others)).toBeUndefined();
  });

  it('one by tag covers nothing where tags were not read, and nothing of the tenant', () => {
    const byTag = [scoped({ kind: 'tag', name: 'env', value: 'test', rule: null })];
    const ofTenant = { rule, account: null, subject: 'policy' } as const;

    expect(bestWaiver(finding, { all: byTag, tagsOf: () => null }, waiver().from)).toBeNull();
    expect(bestWaiver(ofTenant, { all: byTag, tagsOf }, waiver().from)).toBeNull();
    expect(bestWaiver(ofTenant, { all: [scoped({ kind: 'rule', rule })], tagsOf }, waiver().from)?.id).toBe('rule');
  });
});
