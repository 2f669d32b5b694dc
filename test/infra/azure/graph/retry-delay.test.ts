import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../../../infra/azure/graph/retry-delay.ts';

const none = () => null;
const headers = (values: Record<string, string>) => (name: string) => values[name] ?? null;

describe('retryDelay', () => {
  it('reads seconds, and a date against the answer’s own clock', () => {
    const date = headers({ 'Retry-After': 'Wed, 21 Oct 2026 07:28:10 GMT', Date: 'Wed, 21 Oct 2026 07:28:00 GMT' });

    expect(retryDelay(headers({ 'Retry-After': '3' }), 0, Math.random)).toBe(3000);
    expect(retryDelay(date, 0, Math.random)).toBe(10_000);
  });

  it('doubles without Retry-After, between half and whole, up to 30 seconds', () => {
    expect([0, 1, 2, 9].map((attempt) => retryDelay(none, attempt, () => 0))).toEqual([2000, 4000, 8000, 30_000]);
    expect(retryDelay(none, 0, () => 0.999999)).toBe(1000);
  });

  it('backs off where Retry-After is nonsense', () => {
    expect(retryDelay(headers({ 'Retry-After': 'soon' }), 0, () => 0)).toBe(2000);
  });
});
