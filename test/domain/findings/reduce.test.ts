import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Finding, FindingAbout, Transition } from '../../../domain/findings/finding.ts';
import { type Observation, type ObservationContext, reduce } from '../../../domain/findings/reduce.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { account, gap, now } from '../build.ts';

const { id, key, name, subscriptionId, resourceGroup, location, host } = account();
const about: FindingAbout = {
  account: { id, key, name, subscriptionId, resourceGroup, location, host },
  subject: null,
};
const hour = 3_600_000;

function verdict(over: Partial<Verdict> = {}): Verdict {
  return { outcome: 'fail', severity: 'high', title: 'Is broken', evidence: {}, deciders: ['a'], gaps: [], ...over };
}
const passed = verdict({ outcome: 'pass', deciders: [] });

function seen(what: Verdict): Observation {
  return { kind: 'verdict', rule: 'mfa-excluded', about, verdict: what };
}

function at(time: number, factsReadAt = time): ObservationContext {
  return {
    now: time,
    factsReadAt,
    cause: { kind: 'nightly', id: 'run-1', actor: { kind: 'unknown', objectId: null } },
  };
}

/** The finding after these verdicts, an hour apart, and the transitions on the way. */
function live(...verdicts: readonly Verdict[]): { finding: Finding | null; transitions: Transition[] } {
  let finding: Finding | null = null;
  const transitions: Transition[] = [];
  for (const [index, what] of verdicts.entries()) {
    const { next, transition } = reduce(finding, seen(what), at(now + index * hour));
    finding = next ?? finding;
    if (transition !== null) transitions.push(transition);
  }
  return { finding, transitions };
}

describe('A finding', () => {
  it('opens when a rule fails, as account and rule', () => {
    const { finding, transitions } = live(verdict());

    expect(finding).toMatchObject({ id: 'contosoprofiles/mfa-excluded', state: 'open', episode: 1, firstSeenAt: now });
    expect(transitions.map(({ kind, number }) => [kind, number])).toEqual([['opened', 1]]);
  });

  it('about the tenant opens as rule and subject, and names no account', () => {
    const observation: Observation = {
      kind: 'verdict',
      rule: 'mfa-exclusion-not-orphaned',
      about: { account: null, subject: 'policy-1:app-1' },
      verdict: verdict(),
    };
    const { next, transition } = reduce(null, observation, at(now));

    expect(next).toMatchObject({
      id: '-/mfa-exclusion-not-orphaned/policy-1:app-1',
      account: null,
      subject: 'policy-1:app-1',
      state: 'open',
    });
    expect(transition).toMatchObject({ key: '-/policy-1:app-1', findingId: next?.id, kind: 'opened' });
  });

  it('opens for a warn and for what was read and is undecidable, and not for a note of severity info', () => {
    expect(live(verdict({ outcome: 'warn', severity: 'low' })).finding?.outcome).toBe('warn');
    expect(live(verdict({ outcome: 'unknown' })).finding?.outcome).toBe('unknown');
    expect(live(verdict({ outcome: 'warn', severity: 'info' })).finding).toBeNull();
  });

  it.each(['pass', 'not-applicable'] as const)('resolves when the rule says %s', (outcome) => {
    const { finding, transitions } = live(verdict(), verdict({ outcome, deciders: [] }));

    expect(finding).toMatchObject({ state: 'resolved', episode: 1, changedAt: now + hour });
    expect(transitions.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });

  it('comes back as itself: reopening is counted and keeps when it was first seen', () => {
    const { finding, transitions } = live(verdict(), passed, verdict());

    expect(finding).toMatchObject({ state: 'open', episode: 2, transitions: 3, firstSeenAt: now });
    expect(transitions.map(({ kind, number }) => [kind, number])).toEqual([
      ['opened', 1],
      ['resolved', 2],
      ['reopened', 3],
    ]);
  });

  it('stays as it is when what it rests on could not be read', () => {
    const unreadable = verdict({ outcome: 'unknown', gaps: [gap('conditional-access-policies')] });

    expect(live(verdict(), unreadable).finding?.state).toBe('open');
    expect(live(unreadable)).toEqual({ finding: null, transitions: [] });
    expect(live(verdict(), passed, unreadable).finding?.state).toBe('resolved');
  });

  it('is not written again when nothing changed', () => {
    const opened = live(verdict({ evidence: { policies: ['p'], mode: 'x' } })).finding;
    const again = verdict({ evidence: { mode: 'x', policies: ['p'] } });

    expect(reduce(opened, seen(again), at(now + hour))).toEqual({ next: null, transition: null });
  });

  it('takes new evidence without a transition', () => {
    const opened = live(verdict()).finding;
    const { next, transition } = reduce(opened, seen(verdict({ evidence: { days: 3 } })), at(now + hour));

    expect(next?.evidence).toEqual({ days: 3 });
    expect(transition).toBeNull();
  });

  it.each([
    ['a graver outcome', verdict({ outcome: 'warn' }), verdict(), 'worse'],
    ['a higher severity', verdict(), verdict({ severity: 'critical' }), 'worse'],
    ['another policy that joins', verdict(), verdict({ deciders: ['a', 'b'] }), 'worse'],
    ['a lower severity', verdict(), verdict({ severity: 'low' }), 'changed'],
    ['a policy that leaves', verdict({ deciders: ['a', 'b'] }), verdict(), 'changed'],
    ['fail that became undecidable', verdict(), verdict({ outcome: 'unknown' }), 'changed'],
  ])('makes a transition of %s', (_what, before, after, kind) => {
    expect(live(before, after).transitions.map((transition) => transition.kind)).toEqual(['opened', kind]);
  });

  it('is not changed by facts that are older than those it rests on', () => {
    const opened = live(verdict()).finding;

    expect(reduce(opened, seen(passed), at(now + hour, now - 1))).toEqual({ next: null, transition: null });
  });

  it('is gone when its account is proved absent, and stays resolved when it was', () => {
    const opened = live(verdict()).finding;
    const resolved = live(verdict(), passed).finding;

    expect(reduce(opened, { kind: 'account-absent' }, at(now + hour)).next?.state).toBe('gone');
    expect(reduce(resolved, { kind: 'account-absent' }, at(now + 2 * hour)).next).toBeNull();
    expect(reduce(null, { kind: 'account-absent' }, at(now))).toEqual({ next: null, transition: null });
  });

  it('numbers its transitions without a gap and opens exactly as often as its episode says', () => {
    const anyVerdict = fc.record({
      outcome: fc.constantFrom('pass', 'fail', 'warn', 'unknown', 'not-applicable' as const),
      severity: fc.constantFrom('critical', 'low', 'info' as const),
      deciders: fc.constantFrom(['a'], ['a', 'b']),
      unreadable: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyVerdict, { maxLength: 12 }), (steps) => {
        const verdicts = steps.map(({ unreadable, ...over }) =>
          verdict({ ...over, gaps: unreadable && over.outcome === 'unknown' ? [gap('applications')] : [] }),
        );
        const { finding, transitions } = live(...verdicts);
        const openings = transitions.filter(({ kind }) => kind === 'opened' || kind === 'reopened').length;

        expect(transitions.map(({ number }) => number)).toEqual(transitions.map((_, index) => index + 1));
        expect(finding?.episode ?? 0).toBe(openings);
        expect(finding?.state ?? 'none').toBe(transitions.at(-1)?.after.state ?? 'none');
      }),
    );
  });
});
