import type { Transition } from './finding.ts';

type Step = Pick<Transition, 'key' | 'rule' | 'number' | 'at'>;

/**
 * Entries by time, but for what a clock that was stepped back would put out of order: at the times that a finding's
 * transitions have, its transitions stand in the order of their numbers. Entries of one time keep their order.
 * @param stepOf the transition of an entry; null for one that is none
 */
export function inOrder<T>(
  entries: readonly T[],
  atOf: (entry: T) => number,
  stepOf: (entry: T) => Step | null,
): readonly T[] {
  const byTime = entries.toSorted((a, b) => atOf(a) - atOf(b));
  const named = byTime.map((entry) => ({ entry, step: stepOf(entry) }));
  const steps = named.flatMap(({ entry, step }) => (step === null ? [] : [{ entry, step }]));
  const ofFinding = new Map(
    [...Map.groupBy(steps, ({ step }) => nameOf(step))].map(([name, own]) => [name, byNumber(own).values()]),
  );
  return named.map(({ entry, step }) =>
    step === null ? entry : (ofFinding.get(nameOf(step))?.next().value?.entry ?? entry),
  );
}

/** Transitions alone, in that order. */
export function transitionsInOrder(transitions: readonly Transition[]): readonly Transition[] {
  return inOrder(
    transitions,
    ({ at }) => at,
    (step) => step,
  );
}

/** One finding's transitions, given by time. One that was forgotten and came back numbers them from one again. */
function byNumber<T extends { readonly step: Step }>(steps: readonly T[]): readonly T[] {
  const lives: T[][] = [];
  for (const each of steps) {
    const life = lives.at(-1);
    if (life === undefined || beginsAnother(each.step, life)) lives.push([each]);
    else life.push(each);
  }
  return lives.flatMap((life) => life.toSorted((a, b) => a.step.number - b.step.number));
}

/** The first step after others is theirs where the second is among them; what was purged leaves a life without a beginning. */
function beginsAnother({ number }: Step, life: readonly { readonly step: Step }[]): boolean {
  const has = (wanted: number): boolean => life.some(({ step }) => step.number === wanted);
  return has(number) || (number === 1 && !has(2));
}

function nameOf({ key, rule }: Step): string {
  return `${key}/${rule}`;
}
