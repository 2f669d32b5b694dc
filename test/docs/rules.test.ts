import { describe, expect, it } from 'vitest';
import { rules } from '../../domain/rules/index.ts';
import { fixWays } from '../../cli/pages/fix-ways.ts';
import { rulePages } from '../../domain/rules/pages/index.ts';
import { ownRepair } from '../../cli/pages/own-repair.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';

const ids: readonly string[] = rules.map(({ id }) => id);

describe('the pages of the rules', () => {
  it('are one for every rule and no other', () => {
    expect(rulePages.map(({ rule }) => rule)).toEqual(ids.toSorted());
  });

  it.each(rulePages)('of $rule tells all that a reader looks for', (page) => {
    const { rule, affected, reading, unknown, undo } = page;
    const texts = { rule, affected, reading, unknown, undo };
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
    expect(fixWays(page).filter(({ text }) => text.trim() === '')).toEqual([]);
  });

  it.each(rulePages)('of $rule says when it passes, and its severities only where there is one', ({ outcomes }) => {
    expect(outcomes.some(({ outcome }) => outcome === 'pass')).toBe(true);
    for (const { outcome, severity } of outcomes) {
      expect(severity === null, `severity of ${outcome}`).toBe(outcome === 'pass' || outcome === 'not-applicable');
    }
  });

  it.each(rules)('of $id knows the severity that the rule has', ({ id, severity }) => {
    const page = rulePages.find(({ rule }) => rule === id);
    expect(page?.outcomes.map((row) => row.severity)).toContain(severity);
  });

  it.each(rules)('of $id say of settings only what settings take', ({ id, thresholds, remediation }) => {
    const [, shown = ''] = /`("remediation": \{ [^}]* \})`/u.exec(ownRepair(remediation.action)) ?? [];
    const text = `{ "rules": ${JSON.stringify({ [id]: { thresholds } })}${shown === '' ? '' : `, ${shown}`} }`;

    expect(() => parseSettings(text, { knownRules: rules, where: 'the page' })).not.toThrow();
  });

  it.each(rulePages)('of $rule names public documentation', ({ sources }) => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter(({ url }) => !/^https:\/\/(?:learn\.microsoft|github)\.com\//u.test(url))).toEqual([]);
  });

  const offAndOn = rulePages.filter(({ fix }) => /save[^.]*`defaultSharePermission`/iu.test(fix.before));

  it('switch Entra Kerberos off and on in several places', () => {
    expect(offAndOn.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['single-ad-source', 'sp-password-expiry', 'spn-set-complete', 'storage-app-present']),
    );
  });

  it.each(offAndOn)('of $rule put back what switching off and on can lose', ({ fix: { azureCli, powerShell } }) => {
    expect(azureCli).toContain('--domain-name DOMAIN --domain-guid GUID');
    expect(azureCli).toContain('`az storage account update -n NAME -g GROUP --default-share-permission PERMISSION`');
    expect(powerShell).toContain('-ActiveDirectoryDomainName DOMAIN -ActiveDirectoryDomainGuid GUID');
    expect(powerShell).toContain(
      '`Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission PERMISSION`',
    );
  });

  it('open no mount by key: no command writes NTLMv2 into the SMB settings', () => {
    const commands = rulePages.flatMap(({ fix: { azureCli, powerShell, graph } }) => [azureCli, powerShell, graph]);
    expect(commands.filter((text) => text.includes('NTLMv2'))).toEqual([]);
  });

  it.each(rulePages)('of $rule links only to pages that are there', (page) => {
    const linked = [...JSON.stringify(page).matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name ?? '');
    expect(linked.filter((name) => !ids.includes(name))).toEqual([]);
  });
});
