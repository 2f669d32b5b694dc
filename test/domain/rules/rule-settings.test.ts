import { describe, expect, it } from 'vitest';
import { isEnabled, threshold, withSeverity } from '../../../domain/rules/rule-settings.ts';
import { singleAdSource } from '../../../domain/rules/single-ad-source.ts';
import { spPasswordExpiry } from '../../../domain/rules/sp-password-expiry.ts';
import { ruleSettings, settings } from '../build.ts';

describe('what settings change of a rule', () => {
  it('is on unless they switch it off', () => {
    const off = settings({ rules: { 'sp-password-expiry': ruleSettings({ enabled: false }) } });
    expect(isEnabled(spPasswordExpiry, settings())).toBe(true);
    expect(isEnabled(spPasswordExpiry, off)).toBe(false);
    expect(isEnabled(singleAdSource, off)).toBe(true);
  });

  it('has the thresholds that they name, and its own for the others', () => {
    const changed = settings({ rules: { 'sp-password-expiry': ruleSettings({ thresholds: { failDays: 0 } }) } });
    expect(threshold(spPasswordExpiry, 'failDays', changed)).toBe(0);
    expect(threshold(spPasswordExpiry, 'warnDays', changed)).toBe(60);
    expect(threshold(spPasswordExpiry, 'failDays', settings())).toBe(30);
  });

  it('cannot be asked for a threshold that it does not have', () => {
    expect(() => threshold(spPasswordExpiry, 'failHours', settings())).toThrow(
      'Rule sp-password-expiry has no threshold failHours',
    );
  });
});

describe('the severity that settings give', () => {
  it('leaves a verdict as it is where they give none', () => {
    const said = { outcome: 'fail', severity: 'high' } as const;
    expect(withSeverity(said, null)).toEqual(said);
  });

  it.each(['fail', 'unknown', 'pass', 'not-applicable'] as const)('replaces that of a %s, up and down', (outcome) => {
    expect(withSeverity({ outcome, severity: 'high' }, 'critical').severity).toBe('critical');
    expect(withSeverity({ outcome, severity: 'high' }, 'low').severity).toBe('low');
  });

  it('caps that of a warn', () => {
    expect(withSeverity({ outcome: 'warn', severity: 'medium' }, 'critical').severity).toBe('medium');
    expect(withSeverity({ outcome: 'warn', severity: 'medium' }, 'medium').severity).toBe('medium');
    expect(withSeverity({ outcome: 'warn', severity: 'medium' }, 'low').severity).toBe('low');
  });
});
