import { describe, expect, it } from 'vitest';
import { comingBack } from '../../../domain/remediation/put-off-job.ts';

const due = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;

describe('A job that comes before it is due', () => {
  it('comes back when it is due, where that is far off', () => {
    expect(comingBack(due, due - 10 * minute)).toBe(due);
  });

  it.each([1, 30_000, 2 * minute - 1])(
    'by a clock %i ms behind comes back later than it came for, or its message would be a duplicate',
    (behind) => {
      expect(comingBack(due, due - behind)).toBeGreaterThan(due);
    },
  );
});
