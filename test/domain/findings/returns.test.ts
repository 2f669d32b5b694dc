import { expect, it } from 'vitest';
import { returnsIn } from '../../../domain/findings/returns.ts';
import type { FindingState } from '../../../domain/findings/lifecycle.ts';
import { finding, noon, transitionOf } from '../../infra/azure/samples.ts';

const about = finding('profiles');

function step(from: FindingState | null, to: FindingState, over: object = {}) {
  const transition = transitionOf(about);
  const before = from === null ? null : { ...transition.after, state: from };
  return { ...transition, before, after: { ...transition.after, state: to }, ...over };
}

it('counts as a return that a fault is there again after it was gone, waived or not', () => {
  const steps = [step(null, 'open'), step('open', 'resolved'), step('resolved', 'open'), step('gone', 'waived')];
  expect(returnsIn(steps, about)).toBe(2);
});

it('counts no end of a waiver, no other rule, and nothing before the finding was first seen', () => {
  const steps = [
    step('waived', 'open'),
    step('resolved', 'open', { rule: 'another' }),
    step('resolved', 'open', { at: noon - 86_400_000 }),
  ];
  expect(returnsIn(steps, { ...about, firstSeenAt: noon })).toBe(0);
});
