import { describe, expect, it } from 'vitest';
import { byCodeUnit, compareVerdicts, verdict } from '../../../domain/rules/verdicts.ts';
import { gap } from '../build.ts';

describe('a verdict', () => {
  it('has nothing but its title where nothing else is told', () => {
    expect(verdict('pass', 'low', 'All is well')).toEqual({
      outcome: 'pass',
      severity: 'low',
      title: 'All is well',
      evidence: {},
      deciders: [],
      gaps: [],
    });
  });

  it('names each decider once, sorted, and none that has no id', () => {
    expect(verdict('fail', 'low', 'Wrong', { deciders: ['b', null, 'a', 'b'] }).deciders).toEqual(['a', 'b']);
  });

  it('names each gap once, and only where they are why it is unknown', () => {
    const missing = gap('applications');
    expect(verdict('unknown', 'low', 'Not read', { gaps: [missing, missing] }).gaps).toEqual([missing]);
    expect(verdict('fail', 'low', 'Wrong', { gaps: [missing] }).gaps).toEqual([]);
  });
});

describe('the order of verdicts', () => {
  it('is fail, unknown, warn, pass, not applicable; then the more severe first', () => {
    const worst = [
      { outcome: 'fail', severity: 'high' },
      { outcome: 'fail', severity: 'low' },
      { outcome: 'unknown', severity: 'critical' },
      { outcome: 'warn', severity: 'critical' },
      { outcome: 'pass', severity: 'critical' },
      { outcome: 'not-applicable', severity: 'critical' },
    ] as const;
    expect(worst.toReversed().sort(compareVerdicts)).toEqual(worst);
  });
});

describe('the order of names', () => {
  it('goes by code unit: capitals before small letters', () => {
    expect(['b', 'a', 'B'].sort(byCodeUnit)).toEqual(['B', 'a', 'b']);
    expect(byCodeUnit('a', 'a')).toBe(0);
  });
});
