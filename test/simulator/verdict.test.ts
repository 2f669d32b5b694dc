import { describe, expect, it } from 'vitest';

import { verdict } from './verdict.ts';

const done = new Set([11, 12, 13, 14, 15, 16]);
const clean = { seeds: 6, from: 11, fault: null, done, failed: 0, processes: 2, areWhole: true };

describe('The last lines of a simulation', () => {
  it('say that everything held where every seed was simulated and held', () => {
    expect(verdict(clean)).toEqual({ isClean: true, lines: ['Everything held under every seed.'] });
  });

  it('count the seeds under which something did not', () => {
    expect(verdict({ ...clean, failed: 1 })).toEqual({
      isClean: false,
      lines: ['Under 1 seed something did not hold.'],
    });
  });

  it('never say that everything held where a process died: they name the seed that it died under', () => {
    // Of two processes the first has 11, 13, 15, the second 12, 14, 16, and dies under 14.
    const { isClean, lines } = verdict({ ...clean, done: new Set([11, 12, 13, 15]), areWhole: false });
    expect(isClean).toBe(false);
    expect(lines).toEqual([
      'npm run simulate -- --seed 14: its process ended before it did',
      '2 seeds of 6 not simulated to the end.',
    ]);
    const wrong = verdict({ ...clean, fault: 'late-event-wins', done: new Set([11, 13]), areWhole: false });
    expect(wrong.lines[0]).toContain('--seed 12 --fault late-event-wins:');
  });

  it('nor where a process ended with an error after all its seeds', () => {
    expect(verdict({ ...clean, areWhole: false })).toMatchObject({ isClean: false, lines: [expect.any(String)] });
  });
});
