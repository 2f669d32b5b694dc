import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths } from '../../../domain/rules/calendar.ts';

function after(from: string, months: number): string {
  return new Date(addMonths(Date.parse(from), months)).toISOString();
}

describe('calendar months in UTC', () => {
  it.each([
    ['2026-11-21T12:00:00.000Z', 6, '2027-05-21T12:00:00.000Z'],
    ['2026-08-31T23:59:59.999Z', 6, '2027-02-28T23:59:59.999Z'],
    ['2027-08-31T00:00:00.000Z', 6, '2028-02-29T00:00:00.000Z'],
    ['2028-02-29T00:00:00.000Z', 12, '2029-02-28T00:00:00.000Z'],
    ['2026-10-31T10:00:00.000Z', 1, '2026-11-30T10:00:00.000Z'],
    ['2026-12-31T10:00:00.000Z', 2, '2027-02-28T10:00:00.000Z'],
    ['2026-01-01T00:00:00.000Z', 0, '2026-01-01T00:00:00.000Z'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(after(from, months)).toBe(to);
  });

  it('keeps the time of day, and never lands in a later month than asked', () => {
    const instants = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2099-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 36 }), (from, months) => {
        const to = new Date(addMonths(from.getTime(), months));
        const monthOf = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
        expect(monthOf(to)).toBe(monthOf(from) + months);
        expect(to.getTime() % 86_400_000).toBe(from.getTime() % 86_400_000);
      }),
    );
  });
});
