import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { RuleSettings, Settings } from '../../../domain/model/settings.ts';
import { evaluateAccount, rules } from '../../../domain/rules/index.ts';
import { account, applications, directory, guid, now, policy, settings } from '../build.ts';

function rule(over: Partial<RuleSettings>): RuleSettings {
  return { enabled: true, severity: null, thresholds: {}, ...over };
}

function mfaVerdict(given: Settings, over: Parameters<typeof policy>[0] = {}) {
  const facts = { conditionalAccessPolicies: known([policy(over)]) };
  const judged = evaluateAccount({ account: account(), directory: directory(facts), settings: given, now });
  return judged.find((one) => one.rule.id === 'mfa-excluded')?.verdict;
}

describe('evaluating an account', () => {
  it('asks every rule, each once', () => {
    const judged = evaluateAccount({ account: account(), directory: directory(), settings: settings(), now });
    expect(judged.map((one) => [one.rule.id, one.verdict.outcome])).toEqual([
      ['single-ad-source', 'pass'],
      ['storage-app-present', 'pass'],
      ['storage-app-unambiguous', 'pass'],
      ['mfa-excluded', 'pass'],
      ['consent-granted', 'pass'],
      ['sp-password-expiry', 'pass'],
    ]);
  });

  it('leaves out a rule that settings switch off', () => {
    const off = settings({ rules: { 'mfa-excluded': rule({ enabled: false }) } });
    expect(mfaVerdict(off)).toBeUndefined();
  });

  it('gives a fail the severity of the settings; a warn keeps its own, never above it', () => {
    const low = settings({ rules: { 'mfa-excluded': rule({ severity: 'low' }) } });
    const high = settings({ rules: { 'mfa-excluded': rule({ severity: 'high' }) } });
    expect(mfaVerdict(high)).toMatchObject({ outcome: 'fail', severity: 'high' });
    expect(mfaVerdict(low)).toMatchObject({ outcome: 'fail', severity: 'low' });
    expect(mfaVerdict(high, { signInRiskLevels: ['high'] })).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(mfaVerdict(low, { signInRiskLevels: ['high'] })).toMatchObject({ outcome: 'warn', severity: 'low' });
  });

  it('judges 10,000 accounts against 200 policies without reading a policy twice', () => {
    // Counted, not timed: each policy's controls are looked at a fixed number of times, whatever the number of accounts.
    let reads = 0;
    const policies = Array.from({ length: 200 }, (_, index) => ({
      ...policy({ id: guid(1000 + index), applications: applications({ include: ['Office365'] }) }),
      get grantControls() {
        reads += 1;
        return null;
      },
    }));
    const read = directory({ conditionalAccessPolicies: known(policies) });
    const before = reads;
    for (let index = 0; index < 10_000; index += 1) {
      evaluateAccount({ account: account(), directory: read, settings: settings(), now });
    }
    expect(reads).toBe(before);
  });
});

describe('the list of rules', () => {
  it('names each rule once, with the severity of the design', () => {
    expect(Object.fromEntries(rules.map(({ id, severity }) => [id, severity]))).toEqual({
      'single-ad-source': 'medium',
      'storage-app-present': 'critical',
      'storage-app-unambiguous': 'high',
      'mfa-excluded': 'critical',
      'consent-granted': 'critical',
      'sp-password-expiry': 'critical',
    });
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });
});
