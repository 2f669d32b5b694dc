import { describe, expect, it } from 'vitest';

import { simulate } from './simulate.ts';
import { caughtWithin, firstCaughtBy, isWrongName, type WrongName } from './wrong/index.ts';

const names = Object.keys(firstCaughtBy).filter(isWrongName);

/** What the first sentence that does not hold is about, for each. */
const told: Readonly<Record<WrongName, RegExp>> = {
  'empty-list-on-403': /^(?:Opened although there was no fault|Closed as|Run .* could not read .*, and nobody is told)/,
  'dedupe-forgets-at-midnight': /came again, although it was taken in peace/,
  'store-without-etags': /^(?:History of|Run .* was finished twice)/,
  'late-event-wins': /^(?:Opened although|Closed as|A fault has no open finding|A finding is open)/,
  'consumer-skips-precondition': /^Written without a look that showed what the plan rests on/,
  'write-without-approval': /^Written without a live approval/,
  'brakes-forgotten':
    /^(?:Write \d+ (?:of the action )?within an hour|Written (?:after|in quiet hours|while the kill switch was on))/,
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
