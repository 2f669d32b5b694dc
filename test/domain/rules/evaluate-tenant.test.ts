import { describe, expect, it } from 'vitest';
import { known, unavailable } from '../../../domain/model/collection.ts';
import type { Settings } from '../../../domain/model/settings.ts';
import { enabledRules, evaluateTenant, rules, tenantRules } from '../../../domain/rules/index.ts';
import type { TenantContext } from '../../../domain/rules/rule.ts';
import { account, appId, directory, gap, ruleSettings, settings } from '../build.ts';

/** What is said of a tenant with `account()` where all is well but for what is given. */
function evaluate(over: Partial<TenantContext> = {}) {
  return evaluateTenant({
    directory: directory(),
    storageAccounts: known([account()]),
    accountNames: () => null,
    settings: settings(),
    now: 0,
    ...over,
  });
}

function said(id: string, over: Partial<TenantContext> = {}) {
  return evaluate(over).find(({ rule }) => rule.id === id);
}

/** The account of the storage app is deleted, and proved to be. */
const deleted: Partial<TenantContext> = { storageAccounts: known([]), accountNames: () => 'free' };

describe('evaluating a tenant', () => {
  it('asks every rule about the tenant, each once, in the order of the list, and finds nothing where all is well', () => {
    const judged = evaluate();
    expect(judged.map(({ rule }) => rule)).toEqual(tenantRules);
    expect(judged.map(({ subjects }) => subjects)).toEqual(tenantRules.map(() => []));
    expect(judged.map(({ others }) => others.outcome)).toEqual(tenantRules.map(() => 'pass'));
  });

  it('leaves out a rule that settings switch off, and no other', () => {
    const off = settings({ rules: { 'storage-app-not-orphaned': ruleSettings({ enabled: false }) } });
    expect(evaluate({ settings: off }).map(({ rule }) => rule.id)).toEqual(
      tenantRules.map(({ id }) => id).filter((id) => id !== 'storage-app-not-orphaned'),
    );
  });

  it('leaves what a rule says of its subjects and of the others as it is where settings say nothing', () => {
    expect(said('storage-app-not-orphaned', deleted)).toMatchObject({
      subjects: [{ subject: appId, verdict: { outcome: 'fail', severity: 'medium' } }],
      others: { outcome: 'pass', severity: 'medium' },
    });
  });

  it('gives subjects and others the severity of the settings', () => {
    const grave = settings({ rules: { 'storage-app-not-orphaned': ruleSettings({ severity: 'critical' }) } });
    expect(said('storage-app-not-orphaned', { ...deleted, settings: grave })).toMatchObject({
      subjects: [{ subject: appId, verdict: { outcome: 'fail', severity: 'critical' } }],
      others: { outcome: 'pass', severity: 'critical' },
    });
    expect(said('mfa-exclusion-not-orphaned', { settings: grave })?.others.severity).toBe('low');
  });

  it('says what the rule reads where the rule itself does not', () => {
    const unread = directory({ securityDefaults: unavailable(gap('security-defaults')) });
    expect(said('security-defaults-off-or-accepted', { directory: unread })?.others).toMatchObject({
      outcome: 'unknown',
      evidence: { readFrom: ['security-defaults'] },
    });
    expect(said('security-defaults-off-or-accepted')?.others.evidence).toEqual({
      isEnabled: false,
      readFrom: 'security-defaults',
    });
  });
});

describe('the rules that settings leave on', () => {
  const on = (rulesOfSettings: Settings['rules']) =>
    enabledRules(settings({ rules: rulesOfSettings })).map(({ id }) => id);

  it('are all of them where settings name none', () => {
    expect(on({})).toEqual(rules.map(({ id }) => id));
  });

  it('are those that are not switched off, whatever they are about', () => {
    const off = ruleSettings({ enabled: false });
    const left = on({ 'consent-minimal': off, 'mfa-exclusion-not-orphaned': off, 'mfa-excluded': ruleSettings() });
    expect(left).toHaveLength(rules.length - 2);
    expect(left).not.toContain('consent-minimal');
    expect(left).not.toContain('mfa-exclusion-not-orphaned');
  });
});
