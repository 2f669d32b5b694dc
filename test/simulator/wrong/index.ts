import { brakesForgotten } from './brakes-forgotten.ts';
import { consumerSkipsPrecondition } from './consumer-skips-precondition.ts';
import { dedupeForgetsAtMidnight } from './dedupe-forgets-at-midnight.ts';
import { emptyListOn403 } from './empty-list-on-403.ts';
import { lateEventWins } from './late-event-wins.ts';
import { storeWithoutETags } from './store-without-etags.ts';
import { writeWithoutApproval } from './write-without-approval.ts';
import type { Wrong } from './wrong.ts';

/** Faults that the simulator must find, each made anew for each seed: who tests the tester. */
export const wrongs = {
  'empty-list-on-403': emptyListOn403,
  'dedupe-forgets-at-midnight': dedupeForgetsAtMidnight,
  'store-without-etags': storeWithoutETags,
  'late-event-wins': lateEventWins,
  'consumer-skips-precondition': consumerSkipsPrecondition,
  'write-without-approval': writeWithoutApproval,
  'brakes-forgotten': brakesForgotten,
} as const satisfies Readonly<Record<string, () => Wrong>>;

export type WrongName = keyof typeof wrongs;

export function isWrongName(name: string): name is WrongName {
  return Object.hasOwn(wrongs, name);
}

/** By so many seeds, from the first on, each must be caught. */
export const caughtWithin = 50;

/** The first seed that caught it, when it was last measured. Any change to the product may make it another. */
export const firstCaughtBy: Readonly<Record<WrongName, number>> = {
  'empty-list-on-403': 1,
  'dedupe-forgets-at-midnight': 11,
  'store-without-etags': 4,
  'late-event-wins': 7,
  'consumer-skips-precondition': 5,
  'write-without-approval': 5,
  'brakes-forgotten': 22,
};
