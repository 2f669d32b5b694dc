import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../../infra/api/auth/rate-limit.ts';

const start = Date.UTC(2026, 10, 21, 12);

function allowed(limit: ReturnType<typeof createRateLimit>, key: string, times: number, at: number): number {
  return Array.from({ length: times }, () => limit(key, at)).filter((each) => each.allowed).length;
}

describe('A rate limit', () => {
  it('grants the burst at once, then so many a second, and never more than the burst again', () => {
    const limit = createRateLimit({ burst: 60, perSecond: 10 });
    expect([
      allowed(limit, 'a', 100, start),
      allowed(limit, 'a', 100, start + 1000),
      allowed(limit, 'a', 100, start + 3_600_000),
    ]).toEqual([60, 10, 60]);
  });

  it('lets a thousand requests a second for ten seconds have the burst and what follows it, and no more', () => {
    const limit = createRateLimit({ burst: 60, perSecond: 10 });
    let granted = 0;
    for (let sent = 0; sent < 10_000; sent += 1) granted += allowed(limit, 'a', 1, start + sent);
    expect(granted).toBeGreaterThanOrEqual(150);
    expect(granted).toBeLessThanOrEqual(160);
  });

  it('counts each key for itself', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1 });
    allowed(limit, 'a', 10, start);
    expect(allowed(limit, 'b', 1, start)).toBe(1);
  });

  it.each([
    [10, 1],
    [1, 1],
    [0.1, 10],
  ])('says with %d a second after how many whole seconds to come back, and keeps its word', (perSecond, seconds) => {
    const limit = createRateLimit({ burst: 1, perSecond });
    limit('a', start);
    expect(limit('a', start)).toEqual({ allowed: false, retryAfterSeconds: seconds });
    expect(limit('a', start + seconds * 1000)).toEqual({ allowed: true });
  });

  it('takes nothing away when the clock is set back', () => {
    const limit = createRateLimit({ burst: 2, perSecond: 1 });
    limit('a', start);
    expect(limit('a', start - 3_600_000)).toEqual({ allowed: true });
  });

  it('forgets whoever it has not heard of for longest, and remembers who keeps coming', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 0.001, keysAtMost: 3 });
    limit('quiet', start);
    limit('loud', start);
    for (const key of ['c', 'd', 'e']) {
      limit(key, start);
      limit('loud', start);
    }
    expect(limit('loud', start).allowed).toBe(false);
    expect(limit('quiet', start).allowed).toBe(true);
  });
});
