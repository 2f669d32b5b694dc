import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { RuleSettings, Settings } from '../../../domain/model/settings.ts';
import type { Severity } from '../../../domain/model/verdict.ts';
import { accountRules, evaluateAccount, rules, tenantRules } from '../../../domain/rules/index.ts';
import { applications, directory, guid, policy, settings, situation } from '../build.ts';

function rule(over: Partial<RuleSettings>): RuleSettings {
  return { enabled: true, severity: null, thresholds: {}, ...over };
}

function mfaVerdict(given: Settings, over: Parameters<typeof policy>[0] = {}) {
  const facts = { conditionalAccessPolicies: known([policy(over)]) };
  const judged = evaluateAccount(situation({ directory: directory(facts), settings: given }));
  return judged.find((one) => one.rule.id === 'mfa-excluded')?.verdict;
}

describe('evaluating an account', () => {
  it('asks every rule about accounts, each once, in the order of the list', () => {
    const judged = evaluateAccount(situation());
    expect(judged.map((one) => one.rule.id)).toEqual(accountRules.map(({ id }) => id));
  });

  it('finds nothing to say where all is well', () => {
    const outcomes = new Set(evaluateAccount(situation()).map((one) => one.verdict.outcome));
    expect([...outcomes].filter((outcome) => outcome !== 'pass' && outcome !== 'not-applicable')).toEqual([]);
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

  it('judges account after account without reading a policy twice', () => {
    // Counted, not timed: each policy's controls are looked at a fixed number of times, whatever the number of accounts.
    let reads = 0;
    const policies = Array.from({ length: 20 }, (_, index) => ({
      ...policy({ id: guid(1000 + index), applications: applications({ include: ['Office365'] }) }),
      get grantControls() {
        reads += 1;
        return null;
      },
    }));
    const read = directory({ conditionalAccessPolicies: known(policies) });
    const before = reads;
    for (let index = 0; index < 50; index += 1) {
      evaluateAccount(situation({ directory: read }));
    }
    expect(reads).toBe(before);
  });
});

/** Where the design gives a severity, and what the companions were given. */
const severitiesOfDesign: Readonly<Record<string, Severity>> = {
  'single-ad-source': 'medium',
  'storage-app-present': 'critical',
  'storage-app-unambiguous': 'high',
  'mfa-excluded': 'critical',
  'conditional-access-not-blocking': 'critical',
  'security-defaults-off-or-accepted': 'high',
  'consent-granted': 'critical',
  'sp-password-expiry': 'critical',
  'app-assignment-not-required': 'critical',
  'spn-set-complete': 'high',
  'private-link-spn': 'high',
  'consent-minimal': 'low',
  'cloud-only-group-tag': 'high',
  'domain-properties-paired': 'low',
};

describe('the list of rules', () => {
  it('names each rule once, with the severity of the design', () => {
    const listed = rules.map(({ id, severity }) => [id, severity] as const);
    const wanted = listed.map(([id, severity]) => [id, severitiesOfDesign[id] ?? severity] as const);
    expect(listed).toEqual(wanted);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('has every rule at its place', () => {
    expect(rules).toEqual([...accountRules, ...tenantRules]);
    expect(rules.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'single-ad-source',
        'storage-app-present',
        'storage-app-unambiguous',
        'mfa-excluded',
        'consent-granted',
        'sp-password-expiry',
      ]),
    );
  });
});
