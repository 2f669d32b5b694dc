import { describe, expect, it } from 'vitest';

import { simulate } from './simulate.ts';
import { caughtWithin, firstCaughtBy, isWrongName, type WrongName } from './wrong/index.ts';

const names = Object.keys(firstCaughtBy).filter(isWrongName);

/** What the first sentence that does not hold is about, for each. */
const told: Readonly<Record<WrongName, RegExp>> = {
  'empty-list-on-403':
    /^(?:Opened although there was no fault|Closed as|What was read is not|Told as it never|A finding|Run .* could not read .*, and nobody is told)/,
  'dedupe-forgets-at-midnight':
    /came again, although it was taken in peace|was handed over at \S+, although it was kept/,
  'store-without-etags': /^(?:History|Step \d+ of|Run .* was finished twice)|rested on facts of/,
  'late-event-wins':
    /^(?:Opened although|Closed as|A fault has no open finding|A finding is open|What was read is not|Told as it never|Nobody has noticed)/,
  'consumer-skips-precondition': /^Written without a look that showed what the plan rests on/,
  'write-without-approval': /^Written without a live approval/,
  'brakes-forgotten':
    /^(?:Write \d+ (?:of the action )?within an hour|Written (?:after|in quiet hours|while the kill switch was on))/,
  'severity-of-then': /^(?:A finding does not tell how it is|Told as it never was)/,
  'decider-forgotten': /does not tell how it is|^What was read is not what is told|^Told as it never was/,
  'worse-without-a-word': /, and its last step led to|^Step \d+ of \S+ begins at/,
  'waiver-outlives-its-end': /was under waiver \S+, which ended|^Nobody was told that waiver/,
  'waiver-ends-early': /left waiver \S+ at \S+, which holds until|^The end of waiver \S+ was told at/,
  'waived-is-mended': /^Written for \S+, which is waived since/,
  'verification-unheard': /is remediating, and job|^What was read is not what is told/,
  'person-of-before': /^History names \S+, who did not do it/,
  'job-never-sent': /^(?:Not sent since \S+ job|Job \S+ is queued since \S+ and nobody sent it)/,
  'nobody-verifies': /^Job \S+ is \S+ since \S+ and nobody verifies it/,
  'older-reading-wins': /rested on facts of \S+, then on older ones/,
  'told-again': /was handed over at \S+, although it was kept/,
};

describe('A part that breaks its promise', () => {
  it.each(names)('%s is caught', { timeout: 300_000 }, async (fault) => {
    const seeds = Array.from({ length: caughtWithin }, (_, index) => index + 1);
    // The one that caught it last time goes first.
    seeds.unshift(firstCaughtBy[fault]);
    let caught: readonly string[] = [];
    for (const seed of seeds) {
      caught = (await simulate(seed, { fault })).violations;
      if (caught.length > 0) break;
    }
    expect(caught.some((violation) => told[fault].test(violation))).toBe(true);
  });
});
