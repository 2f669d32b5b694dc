import { describe, expect, it } from 'vitest';
import {
  isFaulty,
  lifecycle,
  type StateBefore,
  states,
  stepFor,
  stimuli,
  type Stimulus,
} from '../../../domain/findings/lifecycle.ts';

const froms: readonly StateBefore[] = ['none', ...states];

/**
 * The lifecycle once more, written as people think of it: for each state, what every stimulus makes of it; `-` nothing.
 * In the order of `stimuli`: seen, under waiver, worse, other, repair queued, did not help, lapsed, given up, clean, absent,
 * acknowledged, withdrawn, waived, waiver ended.
 */
const expected: Readonly<Record<StateBefore, string>> = {
  none: 'open waived - - - - - - - - - - - -',
  open: '- waived open open remediating - - - resolved gone acknowledged - waived -',
  acknowledged: '- waived open acknowledged - - - - resolved gone - open waived -',
  waived: '- waived open waived - - - - resolved gone - - waived open',
  remediating: '- waived open remediating remediating open open open resolved gone - - - -',
  resolved: 'open waived - - - - - - - - - - - -',
  gone: 'open waived - - - - - - - - - - - -',
};

describe('The lifecycle', () => {
  it.each(froms)('from %s leads on every stimulus where it has to', (from) => {
    expect(stimuli.map((on) => stepFor(from, on)?.to ?? '-').join(' ')).toBe(expected[from]);
  });

  it('has one row at most for a state and a stimulus', () => {
    const rows = lifecycle.map(({ from, on }) => `${from} ${on}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('closes on proof alone: on nothing but a clean verdict or a proved absence', () => {
    const closing = lifecycle.filter(({ to }) => !isFaulty(to)).map(({ on }) => on);
    expect(new Set(closing)).toEqual(new Set<Stimulus>(['clean-seen', 'account-absent']));
  });

  it('never leads a waived or acknowledged finding into a repair', () => {
    const into = lifecycle.filter(({ to }) => to === 'remediating').map(({ from }) => from);
    expect(new Set(into)).toEqual(new Set(['open', 'remediating']));
  });

  it('reaches every state from the beginning, and every fault can be closed from where it is', () => {
    const reached = new Set<StateBefore>(['none']);
    for (let known = 0; known < reached.size;) {
      known = reached.size;
      for (const { from, to } of lifecycle) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...froms].sort());
    for (const state of states.filter(isFaulty)) {
      expect([stepFor(state, 'clean-seen')?.to, stepFor(state, 'account-absent')?.to]).toEqual(['resolved', 'gone']);
    }
  });

  it('opens again, with a word of its own, whatever a person or a repair had promised', () => {
    expect(
      lifecycle
        .filter(({ from, to }) => to === 'open' && from !== 'open' && from !== 'none')
        .map(({ from, on, kind }) => `${from} ${on}: ${kind}`),
    ).toEqual([
      'acknowledged fault-worse: worse',
      'acknowledged acknowledgement-withdrawn: unacknowledged',
      'waived fault-worse: worse',
      'waived waiver-ended: waiver-ended',
      'remediating fault-worse: worse',
      'remediating repair-did-not-help: unrepaired',
      'remediating repair-lapsed: lapsed',
      'remediating repair-given-up: given-up',
      'resolved fault-seen: reopened',
      'gone fault-seen: reopened',
    ]);
  });
});
