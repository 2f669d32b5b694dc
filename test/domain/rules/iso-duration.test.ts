import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths } from '../../../domain/rules/calendar.ts';
import { shortestLength } from '../../../domain/rules/iso-duration.ts';
import { day } from '../build.ts';

const hour = day / 24;

/** The fewest days that so many months from the first of a month took, over four hundred years of starts. */
function fewestDaysOf(months: number): number {
  const starts = Array.from({ length: 400 * 12 }, (_, at) => Date.UTC(1900, at, 1));
  return Math.min(...starts.map((start) => (addMonths(start, months) - start) / day));
}

describe('the length that an ISO 8601 duration has at least', () => {
  it.each([
    ['P366D', 366 * day],
    ['P0D', 0],
    ['P53W', 371 * day],
    ['P52W2D', 366 * day],
    ['P365DT24H', 366 * day],
    ['P365DT23H59M', 366 * day - hour / 60],
    ['P365DT23H59M60S', 366 * day],
    ['PT8784H', 366 * day],
    ['PT90M', 1.5 * hour],
    ['PT0.5S', 500],
    ['PT1,25S', 1250],
  ])('is exact for days and less: %s', (duration, length) => {
    expect(shortestLength(duration)).toBe(length);
  });

  it('takes years as 365 days, even four of them', () => {
    expect(shortestLength('P1Y')).toBe(365 * day);
    expect(shortestLength('P4Y')).toBe(1460 * day);
    expect(shortestLength('P1Y1D')).toBe(366 * day);
  });

  it.each(Array.from({ length: 24 }, (_, months) => months + 1))(
    'takes %i months as the fewest days they can have in a row, leap days never counted on',
    (months) => {
      expect(shortestLength(`P${months}M`)).toBe(fewestDaysOf(months) * day);
    },
  );

  it('tells months from minutes', () => {
    expect(shortestLength('P1MT1M')).toBe(28 * day + hour / 60);
  });

  it('is the same for a year and for twelve months', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(40), (years, months) => {
        expect(shortestLength(`P${years}Y${months}M`)).toBe(shortestLength(`P${12 * years + months}M`));
      }),
    );
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '-P1D',
    'P-1D',
    '366',
    '366D',
    'P1D1Y',
    'P1.5D',
    'P1H',
    ' P1D',
    'P1D ',
    'p1d',
    'forever',
  ])('is not known of ‹%s›', (text) => {
    expect(shortestLength(text)).toBeNull();
  });
});
