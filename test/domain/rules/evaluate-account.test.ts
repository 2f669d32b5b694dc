import { describe, expect, it } from 'vitest';
import { known } from '../../../domain/model/collection.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import { accountRules, evaluateAccount } from '../../../domain/rules/index.ts';
import { applications, directory, guid, policy, ruleSettings, settings, situation } from '../build.ts';

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
    const off = settings({ rules: { 'mfa-excluded': ruleSettings({ enabled: false }) } });
    expect(mfaVerdict(off)).toBeUndefined();
  });

  it('gives a fail the severity of the settings; a warn keeps its own, never above it', () => {
    const low = settings({ rules: { 'mfa-excluded': ruleSettings({ severity: 'low' }) } });
    const high = settings({ rules: { 'mfa-excluded': ruleSettings({ severity: 'high' }) } });
    expect(mfaVerdict(high)).toMatchObject({ outcome: 'fail', severity: 'high' });
    expect(mfaVerdict(low)).toMatchObject({ outcome: 'fail', severity: 'low' });
    expect(mfaVerdict(high, { signInRiskLevels: ['high'] })).toMatchObject({ outcome: 'warn', severity: 'medium' });
    expect(mfaVerdict(low, { signInRiskLevels: ['high'] })).toMatchObject({ outcome: 'warn', severity: 'low' });
  });

  it('says what the rule reads where the rule itself does not', () => {
    const judged = evaluateAccount(situation());
    const readFrom = (id: string) => judged.find(({ rule }) => rule.id === id)?.verdict.evidence['readFrom'];
    expect(readFrom('single-ad-source')).toEqual(['storage-accounts', 'applications', 'service-principals']);
    expect(readFrom('account-supports-smb')).toBe('storage-accounts');
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
