import { describe, expect, it } from 'vitest';
import { repairBy, withRepair } from '../../../domain/findings/act.ts';
import { alertOf } from '../../../domain/findings/alert.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { reduce } from '../../../domain/findings/reduce.ts';
import { isFlapping } from '../../../domain/findings/take-step.ts';
import type { Verdict } from '../../../domain/model/verdict.ts';
import { job } from '../../infra/azure/samples.ts';
import { now } from '../build.ts';
import {
  about,
  acknowledged,
  clean,
  day,
  goOn,
  hour,
  type Life,
  live,
  nobody,
  person,
  rule,
  scoped,
  under,
  unreadable,
  verdict,
  waiver,
} from './live.ts';

/** The state after a life, and the words of its history. */
function storyOf({ finding, transitions }: Life): readonly unknown[] {
  return [finding?.state, ...transitions.map(({ kind }) => kind)];
}

function findingOf({ finding }: Life): Finding {
  if (finding === null) throw new Error('There is no finding');
  return finding;
}

/** What people were told. */
function toldOf({ finding, transitions }: Life): readonly unknown[] {
  if (finding === null) return [];
  return transitions.flatMap((transition) => alertOf(finding, transition)?.transition ?? []);
}

const worseThings: readonly (readonly [string, Verdict, Verdict])[] = [
  ['a graver outcome', verdict({ outcome: 'warn' }), verdict()],
  ['a higher severity', verdict({ severity: 'medium' }), verdict({ severity: 'critical' })],
  ['another deciding object', verdict(), verdict({ deciders: ['a', 'b'] })],
  ['another deciding object at a lower severity', verdict(), verdict({ severity: 'low', deciders: ['b'] })],
  ['a higher severity at a milder outcome', verdict({ severity: 'low' }), verdict({ outcome: 'warn' })],
];

describe('An acknowledgement', () => {
  it('is kept with who gave it, why, and how the fault stood', () => {
    const life = live({ sees: verdict() }, { does: acknowledged });

    expect(storyOf(life)).toEqual(['acknowledged', 'opened', 'acknowledged']);
    expect(life.finding?.acknowledgement).toEqual({
      by: person,
      note: 'The team is on it',
      at: now + hour,
      standing: { outcome: 'fail', severity: 'high', deciders: ['a'] },
    });
    expect(life.transitions[1]).toMatchObject({
      note: 'The team is on it',
      cause: { kind: 'person', actor: person },
      before: { state: 'open' },
      after: { state: 'acknowledged' },
    });
    expect(toldOf(life)).toEqual(['opened']);
  });

  it.each(worseThings)('ends with %s, and that is told', (_what, given, seen) => {
    const life = live({ sees: given }, { does: acknowledged }, { sees: seen });

    expect(storyOf(life)).toEqual(['open', 'opened', 'acknowledged', 'worse']);
    expect([life.finding?.acknowledgement, life.finding?.episode]).toEqual([null, 1]);
    expect(toldOf(life)).toEqual(['opened', 'worse']);
  });

  it('stays while the fault is milder, and while it comes back to what it was given for', () => {
    const life = live(
      { sees: verdict({ severity: 'critical' }) },
      { does: acknowledged },
      { sees: verdict({ severity: 'low' }) },
      { sees: verdict({ severity: 'critical' }) },
    );

    expect(storyOf(life)).toEqual(['acknowledged', 'opened', 'acknowledged', 'changed', 'changed']);
    expect(toldOf(life)).toEqual(['opened']);
  });

  it('does not survive the end of the fault', () => {
    const life = live({ sees: verdict() }, { does: acknowledged }, { sees: clean }, { sees: verdict() });

    expect(storyOf(life)).toEqual(['open', 'opened', 'acknowledged', 'resolved', 'reopened']);
    expect(life.finding?.acknowledgement).toBeNull();
  });

  it('can be taken back, once', () => {
    const withdrawn = { does: { kind: 'acknowledgement-withdrawn' } } as const;

    expect(storyOf(live({ sees: verdict() }, { does: acknowledged }, withdrawn, withdrawn))).toEqual([
      'open',
      'opened',
      'acknowledged',
      'unacknowledged',
    ]);
  });
});

describe('A waiver', () => {
  const waived = { does: { kind: 'waived', waiver: waiver() } } as const;
  const held = under(waiver());

  it('given by a person waives the finding, and an audit that sees the same leaves it so', () => {
    const life = live({ sees: verdict() }, waived, { sees: verdict(), waivers: held });

    expect(storyOf(life)).toEqual(['waived', 'opened', 'waived']);
    expect(life.transitions[1]).toMatchObject({ note: 'Waiver w1', cause: { kind: 'person' } });
  });

  it('lets a new fault that it covers open as waived, without a word', () => {
    const life = live({ sees: verdict(), waivers: held });

    expect([storyOf(life), toldOf(life)]).toEqual([['waived', 'waived'], []]);
    expect(life.finding).toMatchObject({ episode: 1, waiver: { id: 'w1', standing: { severity: 'high' } } });
  });

  it.each(worseThings)('ends for the finding with %s, and that is told', (_what, given, seen) => {
    const life = live({ sees: given, waivers: held }, { sees: seen, waivers: held }, { sees: seen, waivers: held });

    expect(storyOf(life)).toEqual(['open', 'waived', 'worse']);
    expect(toldOf(life)).toEqual(['worse']);
  });

  it('that was broken covers the finding no more, however it goes on, and one that is given later does', () => {
    const broken = live(
      { sees: verdict({ severity: 'low' }), waivers: held },
      { sees: verdict(), waivers: held },
      { sees: verdict({ severity: 'low' }), waivers: held },
      { sees: clean, waivers: held },
      { sees: verdict({ severity: 'low' }), waivers: held },
    );
    const later = waiver({ id: 'w2', createdAt: broken.at });
    const again = goOn(broken, { sees: verdict({ severity: 'low' }), waivers: under(waiver(), later) });

    expect(storyOf(broken)).toEqual(['open', 'waived', 'worse', 'changed', 'resolved', 'reopened']);
    expect(again.finding).toMatchObject({ state: 'waived', waiver: { id: 'w2' } });
  });

  it('breaks all that were given before it got worse, not only the one that counted', () => {
    const both = under(scoped({ kind: 'rule', rule }), waiver());
    const life = live({ sees: verdict({ severity: 'low' }), waivers: both }, { sees: verdict(), waivers: both });

    expect(storyOf(goOn(life, { sees: verdict(), waivers: both }))).toEqual(['open', 'waived', 'worse']);
  });

  it('that is approved after the fault got worse covers it', () => {
    const life = live({ sees: verdict({ severity: 'low' }), waivers: held }, { sees: verdict(), waivers: held });
    const approver = { kind: 'user', objectId: 'another' } as const;
    const approved = waiver({ id: 'w2', approval: { state: 'approved', by: approver, at: life.at + 1 } });

    expect(goOn(life, { sees: verdict(), waivers: under(approved) }).finding?.state).toBe('waived');
  });

  it('is over at its very end and not before; the finding opens in a new episode, and that is told as reopened', () => {
    const life = live({ sees: verdict(), waivers: held });
    const last = goOn(life, { after: 30 * 24 - 1, sees: verdict(), waivers: held });
    const end = goOn(life, { after: 30 * 24, sees: verdict(), waivers: held });

    expect(last.finding?.state).toBe('waived');
    expect(storyOf(end)).toEqual(['open', 'waived', 'waiver-ended']);
    expect([end.finding?.episode, end.finding?.openedAt, toldOf(end)]).toEqual([2, now + 30 * day, ['reopened']]);
  });

  it('that a clock ahead gave holds for an audit whose own time is before it', () => {
    const ahead = now + 2.5 * hour;
    const given = waiver({ from: ahead, createdAt: ahead });
    const waived = { does: { kind: 'waived', waiver: given } } as const;

    expect(storyOf(live({ sees: verdict() }, waived, { sees: verdict(), waivers: under(given) }))).toEqual([
      'waived',
      'opened',
      'waived',
    ]);
  });

  it.each([
    ['was taken back', waiver({ removed: { by: person, at: now } })],
    ['waits for its approval', waiver({ approval: { state: 'pending' } })],
    ['has an approval by the one who asked for it', waiver({ approval: { state: 'approved', by: person, at: now } })],
    ['has no reason', waiver({ reason: ' ' })],
    ['has no end', waiver({ until: Number.NaN })],
    ['has not begun', waiver({ from: now + 2 * day })],
    ['is not stored any more', null],
  ])('that %s waives nothing, and what it had waived opens', (_what, over) => {
    const none = under(...(over === null ? [] : [over]));
    const opened = live({ sees: verdict(), waivers: none });
    const ended = live({ sees: verdict(), waivers: held }, { sees: verdict(), waivers: none });

    expect([opened.finding?.state, ended.finding?.state]).toEqual(['open', 'open']);
  });

  it.each([
    ['could not be read', { sees: unreadable }],
    ['was read long before', { sees: clean, factsAge: 2000 }],
  ])('ends even when the fact %s', (_what, seen) => {
    const life = live({ sees: verdict(), waivers: held }, { after: 31 * 24, waivers: held, ...seen });

    expect(storyOf(life)).toEqual(['open', 'waived', 'waiver-ended']);
  });

  it('that nobody looked up stays until its own end, and not longer', () => {
    const life = live({ sees: verdict(), waivers: held });

    expect(goOn(life, { sees: verdict() }).finding?.state).toBe('waived');
    expect(goOn(life, { after: 30 * 24, sees: verdict() }).finding?.state).toBe('open');
  });

  it('covers a fault that comes back no worse: in history, and not told', () => {
    const life = live(
      { sees: verdict() },
      waived,
      { sees: clean, waivers: held },
      { sees: verdict({ severity: 'low' }), waivers: held },
    );

    expect(storyOf(life)).toEqual(['waived', 'opened', 'waived', 'resolved', 'waived']);
    expect([life.finding?.episode, life.finding?.waiver?.standing.severity]).toEqual([2, 'high']);
    // The end of a waived fault is nothing that anybody waits for.
    expect(toldOf(life)).toEqual(['opened']);
  });

  it('does not cover a fault that comes back worse', () => {
    const worse = { sees: verdict({ severity: 'critical' }), waivers: held };
    const life = live({ sees: verdict(), waivers: held }, { sees: clean, waivers: held }, worse, worse);

    expect(storyOf(life)).toEqual(['open', 'waived', 'resolved', 'reopened']);
    expect(toldOf(life)).toEqual(['reopened']);
  });

  it('hands over to another that covers the finding when it ends', () => {
    const short = waiver({ id: 'short', until: now + day });
    const long = scoped({ kind: 'rule', rule });
    const life = live(
      { sees: verdict(), waivers: under(short, long) },
      { after: 24, sees: verdict(), waivers: under(short, long) },
    );

    expect(storyOf(life)).toEqual(['waived', 'waived', 'waived']);
    expect(life.transitions.map(({ note }) => note)).toEqual(['Waiver short', 'Waiver rule']);
    expect(toldOf(life)).toEqual([]);
  });

  it('hands over to another even when the fact could not be read', () => {
    const both = under(waiver({ id: 'short', until: now + day }), scoped({ kind: 'rule', rule }));
    const life = live({ sees: verdict(), waivers: both }, { after: 24, sees: unreadable, waivers: both });

    expect([life.finding?.state, life.finding?.waiver?.id]).toEqual(['waived', 'rule']);
  });
});

describe('A repair', () => {
  function mended(over: Parameters<typeof job>[0] = {}): Life {
    const opened = reduce(
      null,
      { kind: 'verdict', rule, about, verdict: verdict() },
      { now, factsReadAt: now, cause: { kind: 'nightly', id: 'run-1', actor: nobody } },
    );
    const { next, transition } = withRepair(opened, repairBy(job({ jobId: 'j1', expiresAt: now + day, ...over })));
    return { finding: next, transitions: transition === null ? [] : [transition], at: now };
  }

  it('that waits for nobody leaves the finding being mended, in the transition that it leaves with', () => {
    const { finding, transitions } = mended();

    expect(finding).toMatchObject({
      state: 'remediating',
      transitions: 1,
      repair: { jobId: 'j1', expiresAt: now + day, attempt: 1 },
    });
    expect(transitions).toMatchObject([{ kind: 'opened', after: { state: 'remediating' } }]);
  });

  it.each([
    ['a dry run', { dryRun: true }],
    ['waiting for approval', { approvalRequired: true }],
  ])('that is %s leaves it open', (_what, over) => {
    expect(mended(over).finding).toMatchObject({ state: 'open', repair: null });
  });

  it('that helped resolves it; one that did not opens it again in the same episode, and that is told', () => {
    const helped = goOn(mended(), { sees: clean, verifies: 'j1' });
    const unhelped = goOn(mended(), { sees: verdict(), verifies: 'j1' });

    expect(storyOf(helped)).toEqual(['resolved', 'opened', 'resolved']);
    expect(storyOf(unhelped)).toEqual(['open', 'opened', 'unrepaired']);
    expect([unhelped.finding?.episode, unhelped.finding?.repair]).toEqual([1, null]);
    expect(alertOf(findingOf(unhelped), unhelped.transitions[1] as never)).toMatchObject({
      transition: 'reopened',
      title: 'Not repaired: Is broken',
    });
  });

  it('is waited for by other audits, and by the verification of another job, until its job has expired', () => {
    const waiting = goOn(mended(), { sees: verdict() }, { sees: verdict(), verifies: 'j2' });

    expect(storyOf(waiting)).toEqual(['remediating', 'opened']);
    expect(storyOf(goOn(waiting, { after: 22, sees: verdict() }))).toEqual(['remediating', 'opened']);
    expect(storyOf(goOn(waiting, { after: 23, sees: verdict() }))).toEqual(['open', 'opened', 'unrepaired']);
  });

  it('is over when the fault gets worse', () => {
    expect(goOn(mended(), { sees: verdict({ severity: 'critical' }) }).finding).toMatchObject({
      state: 'open',
      repair: null,
    });
  });

  it('that did not help leaves what a person accepted meanwhile waived, without a word', () => {
    const waived = goOn(mended(), { sees: verdict(), verifies: 'j1', waivers: under(waiver()) });

    expect(storyOf(waived)).toEqual(['waived', 'opened', 'waived']);
    expect(waived.finding).toMatchObject({ repair: null, waiver: { id: 'w1', standing: { severity: 'high' } } });
    expect(toldOf(waived)).toEqual(['opened']);
  });

  it('whose fault gets worse breaks what a person accepted meanwhile', () => {
    const worse = { sees: verdict({ severity: 'critical' }), waivers: under(waiver()) };

    expect(storyOf(goOn(mended(), worse, worse))).toEqual(['open', 'opened', 'worse']);
  });

  it('cannot be waived or acknowledged away', () => {
    const held = { does: { kind: 'waived', waiver: waiver() } } as const;

    expect(
      storyOf(goOn(mended(), { does: acknowledged }, held, { sees: verdict(), waivers: under(waiver()) })),
    ).toEqual(['remediating', 'opened']);
  });
});

describe('Coming back', () => {
  const back = [{ sees: clean }, { sees: verdict() }] as const;

  it('three times within seven days is flapping, and it is over when they have passed', () => {
    const twice = live({ sees: verdict() }, ...back, ...back);
    const thrice = goOn(twice, ...back);
    const finding = findingOf(thrice);

    expect(isFlapping(findingOf(twice), twice.at)).toBe(false);
    expect([finding.episode, isFlapping(finding, thrice.at)]).toEqual([4, true]);
    expect(isFlapping(finding, thrice.at + 7 * day)).toBe(false);
  });

  it('seldom is not', () => {
    const seldom = [
      { after: 24, sees: clean },
      { after: 72, sees: verdict() },
    ] as const;
    const life = live({ sees: verdict() }, ...seldom, ...seldom, ...seldom, ...seldom);

    expect([findingOf(life).episode, findingOf(life).flaps.length, isFlapping(findingOf(life), life.at)]).toEqual([
      5,
      2,
      false,
    ]);
  });

  it('begins an episode, and keeps when it was first seen', () => {
    const { finding } = live({ sees: verdict() }, ...back);

    expect(finding).toMatchObject({ firstSeenAt: now, openedAt: now + 2 * hour });
  });
});

describe('A clock that steps back', () => {
  it('never dates a transition before the one it follows, and loses none that a person makes', () => {
    const life = live({ sees: verdict() }, { after: -1, does: acknowledged });

    expect(life.transitions.map(({ at }) => at)).toEqual([now, now]);
    expect(life.finding).toMatchObject({ state: 'acknowledged', changedAt: now });
  });

  it('leaves what was seen with younger facts as it is, until its clock is there again', () => {
    const life = live({ sees: verdict() }, { after: -1, sees: clean });

    expect(life.finding?.state).toBe('open');
    expect(goOn(life, { after: 6, sees: clean }).finding?.state).toBe('resolved');
  });
});

describe('A clock that was once far ahead', () => {
  const years = 20 * 365 * 24;
  const ahead = live({ sees: verdict(), after: years });

  it('does not make its reading the youngest: the true one counts, at its own time', () => {
    const life = goOn(ahead, { after: -years, sees: clean });

    expect(life.finding).toMatchObject({ state: 'resolved', changedAt: now - hour, factsReadAt: now - hour });
    expect(life.transitions.at(-1)).toMatchObject({ kind: 'resolved', at: now - hour });
  });

  it('is put right where nothing else has changed, once and without a transition', () => {
    const life = goOn(ahead, { after: -years, sees: verdict() });
    const again = goOn(life, { sees: verdict() });

    expect(life.transitions).toHaveLength(1);
    expect(life.finding?.factsReadAt).toBe(now - hour);
    expect(again.finding).toBe(life.finding);
  });

  it('is believed up to an hour, for clocks differ', () => {
    const stored = live({ sees: verdict() });

    expect(goOn(stored, { after: -1, sees: clean }).finding?.state).toBe('open');
    expect(goOn(stored, { after: -1 - 1 / hour, sees: clean }).finding?.state).toBe('resolved');
  });
});

describe('A state that a newer version wrote', () => {
  it('is left as it is, whatever is seen or done', () => {
    const opened = live({ sees: verdict() });
    const newer: Life = { ...opened, finding: { ...opened.finding, state: 'quarantined' } as never };

    for (const event of [{ sees: clean }, { sees: verdict({ severity: 'critical' }) }, { does: acknowledged }]) {
      expect(goOn(newer, event)).toMatchObject({ finding: newer.finding, transitions: opened.transitions });
    }
    expect(goOn(newer, { absent: true }).finding).toBe(newer.finding);
  });
});
