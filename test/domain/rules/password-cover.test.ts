import { describe, expect, it } from 'vitest';
import { passwordCover } from '../../../domain/rules/password-cover.ts';
import { day, guid, now } from '../build.ts';

/** A password by the days from now at which it starts and ends. */
function dated(starts: number | null, ends: number | null) {
  const at = (days: number | null) => (days === null ? null : now + days * day);
  return { keyId: guid(70), startsAt: at(starts), endsAt: at(ends) };
}

describe('how long passwords cover', () => {
  it.each([
    ['one that is valid', [dated(-1, 300)], 300],
    ['one that does not say when it starts', [dated(null, 300)], 300],
    ['one that starts this instant', [dated(0, 300)], 300],
    ['the longest of several, not the last to start', [dated(-2, 300), dated(-1, 5)], 300],
    ['a chain, whatever its order', [dated(20, 300), dated(5, 20), dated(-1, 5)], 300],
    ['a chain up to its hole', [dated(-1, 5), dated(6, 300)], 5],
    ['beside one that has ended', [dated(-400, -10), dated(-1, 300)], 300],
    ['beside one that says no end, which lengthens nothing', [dated(-1, null), dated(-1, 300)], 300],
  ])('%s', (_says, passwords, days) => {
    expect(passwordCover(passwords, now)).toEqual({ state: 'until', until: now + days * day });
    expect(passwordCover(passwords.toReversed(), now)).toEqual({ state: 'until', until: now + days * day });
  });

  it.each([
    ['ended', [dated(-400, -10)], -10],
    ['ends this very instant', [dated(-400, 0)], 0],
    ['ended, several: the last end counts', [dated(-400, -10), dated(-300, -3), dated(-200, -20)], -3],
    ['ended, and the next has not started', [dated(-400, -10), dated(2, 300)], -10],
  ])('none that is valid now: %s', (_says, passwords, days) => {
    expect(passwordCover(passwords, now)).toEqual({ state: 'none', endedAt: now + days * day });
  });

  it('none that is valid now, and none that has ended', () => {
    expect(passwordCover([dated(2, 300)], now)).toEqual({ state: 'none', endedAt: null });
  });

  it('is not said where no password says when it ends', () => {
    expect(passwordCover([dated(-1, null), dated(null, null)], now)).toEqual({ state: 'unsaid' });
  });
});
