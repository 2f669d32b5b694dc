import { brakesForgotten } from './brakes-forgotten.ts';
import { consumerSkipsPrecondition } from './consumer-skips-precondition.ts';
import { deciderForgotten } from './decider-forgotten.ts';
import { dedupeForgetsAtMidnight } from './dedupe-forgets-at-midnight.ts';
import { emptyListOn403 } from './empty-list-on-403.ts';
import { jobNeverSent } from './job-never-sent.ts';
import { lateEventWins } from './late-event-wins.ts';
import { nobodyVerifies } from './nobody-verifies.ts';
import { olderReadingWins } from './older-reading-wins.ts';
import { personOfBefore } from './person-of-before.ts';
import { severityOfThen } from './severity-of-then.ts';
import { storeWithoutETags } from './store-without-etags.ts';
import { toldAgain } from './told-again.ts';
import { verificationUnheard } from './verification-unheard.ts';
import { waivedIsMended } from './waived-is-mended.ts';
import { waiverEndsEarly, waiverOutlivesItsEnd } from './waiver-of-another-length.ts';
import { worseWithoutAWord } from './worse-without-a-word.ts';
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
  'severity-of-then': severityOfThen,
  'decider-forgotten': deciderForgotten,
  'worse-without-a-word': worseWithoutAWord,
  'waiver-outlives-its-end': waiverOutlivesItsEnd,
  'waiver-ends-early': waiverEndsEarly,
  'waived-is-mended': waivedIsMended,
  'verification-unheard': verificationUnheard,
  'person-of-before': personOfBefore,
  'job-never-sent': jobNeverSent,
  'nobody-verifies': nobodyVerifies,
  'older-reading-wins': olderReadingWins,
  'told-again': toldAgain,
} as const satisfies Readonly<Record<string, () => Wrong>>;

export type WrongName = keyof typeof wrongs;

export function isWrongName(name: string): name is WrongName {
  return Object.hasOwn(wrongs, name);
}

/** By so many seeds, from the first on, each must be caught. */
export const caughtWithin = 25;

/** The first seed that caught it, when it was last measured. Any change to the product may make it another. */
export const firstCaughtBy: Readonly<Record<WrongName, number>> = {
  'brakes-forgotten': 5,
  'empty-list-on-403': 1,
  'dedupe-forgets-at-midnight': 5,
  'store-without-etags': 5,
  'late-event-wins': 2,
  'consumer-skips-precondition': 3,
  'write-without-approval': 3,
  'severity-of-then': 3,
  'decider-forgotten': 1,
  'worse-without-a-word': 1,
  'waiver-outlives-its-end': 1,
  'waiver-ends-early': 1,
  'waived-is-mended': 3,
  'verification-unheard': 11,
  'person-of-before': 1,
  'job-never-sent': 1,
  'nobody-verifies': 3,
  'older-reading-wins': 1,
  'told-again': 18,
};
