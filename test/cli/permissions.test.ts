import { describe, expect, it } from 'vitest';
import { delegatedScopes } from '../../domain/model/permissions.ts';
import { actionRisks } from '../../domain/remediation/actions.ts';
import { rules } from '../../domain/rules/index.ts';
import { kerbwatch } from './recorded-io.ts';

interface Listed {
  readonly schema: string;
  readonly auditor?: {
    readonly delegatedScopes: readonly string[];
    readonly needed: readonly {
      readonly api: string;
      readonly name: string;
      readonly reads: string;
      readonly neededBy: readonly string[];
      readonly helps: readonly string[];
    }[];
    readonly optional: readonly { readonly name: string; readonly when: string }[];
  };
  readonly remediator?: {
    readonly actions: readonly { readonly action: string; readonly carriedOut: boolean; readonly risk: string }[];
  };
}

async function listed(...options: readonly string[]): Promise<Listed> {
  const { stdout } = await kerbwatch(['permissions', '--format', 'json', ...options]);
  return JSON.parse(stdout) as Listed;
}

describe('kerbwatch permissions', () => {
  it('lists both roles, or the one that is asked for', async () => {
    expect(Object.keys(await listed())).toEqual(['schema', 'auditor', 'remediator']);
    expect(Object.keys(await listed('--role', 'auditor'))).toEqual(['schema', 'auditor']);
    expect(Object.keys(await listed('--role', 'REMEDIATOR'))).toEqual(['schema', 'remediator']);
  });

  it('names under each permission the rules that need it', async () => {
    const { auditor } = await listed();
    const neededBy = (name: string): readonly string[] =>
      auditor?.needed.find((permission) => permission.name === name)?.neededBy ?? [];

    expect(neededBy('Directory.Read.All')).toContain('consent-granted');
    expect(neededBy('Policy.Read.All')).toContain('mfa-excluded');
    expect(neededBy('Policy.Read.All')).not.toContain('consent-granted');
    expect(neededBy('Microsoft.Storage/storageAccounts/read')).toContain('single-ad-source');
  });

  it('leaves no rule out', async () => {
    const { auditor } = await listed();
    const named = new Set(auditor?.needed.flatMap(({ neededBy }) => neededBy));
    expect(rules.filter(({ about, id }) => about !== 'operation' && !named.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('says why, and when the optional ones are worth it', async () => {
    const { auditor } = await listed();
    expect(auditor?.needed.filter(({ reads }) => reads === '')).toEqual([]);
    expect(auditor?.optional.map(({ name }) => name)).toContain('CustomSecAttributeAssignment.Read.All');
    expect(auditor?.optional.filter(({ when }) => when === '')).toEqual([]);
  });

  it('lists what a person signs in with', async () => {
    const { auditor } = await listed();
    expect(auditor?.delegatedScopes).toEqual(delegatedScopes(rules));
  });

  it('lists every action, and which of them this version carries out', async () => {
    const { remediator } = await listed();
    expect(remediator?.actions.map(({ action }) => action).sort()).toEqual(Object.keys(actionRisks).sort());
    expect(remediator?.actions.filter(({ carriedOut }) => !carriedOut)).toEqual([]);
  });

  it('lists of the remediator what settings switch on and nothing else', async () => {
    const env = { KERBWATCH_SETTINGS: '{"remediation":{"grant-consent":"auto","exclude-app-from-policy":"approve"}}' };
    const { stdout } = await kerbwatch(['permissions', '--role', 'remediator', '--format', 'json'], { env });
    const { remediator } = JSON.parse(stdout) as Listed;
    expect(remediator?.actions.map(({ action }) => action).sort()).toEqual([
      'exclude-app-from-policy',
      'grant-consent',
    ]);
    const told = await kerbwatch(['permissions', '--role', 'remediator'], { env });
    expect(told.stdout).toContain('DelegatedPermissionGrant.ReadWrite.All');
    expect(told.stdout).not.toContain('Application.ReadWrite.All');
  });

  it('lists no permission to write where every action is off or a dry run', async () => {
    const { stdout } = await kerbwatch(['permissions', '--role', 'remediator'], { env: { KERBWATCH_SETTINGS: '{}' } });
    expect(stdout).not.toMatch(/ReadWrite|Contributor/u);
  });

  it('shows the same as a table for people', async () => {
    const ran = await kerbwatch(['permissions']);

    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const { name } of (await listed()).auditor?.needed ?? []) expect(ran.stdout).toContain(name);
    for (const action of Object.keys(actionRisks)) expect(ran.stdout).toContain(action);
    expect(ran.stdout).toContain('Reader');
    expect(ran.stdout).not.toMatch(/ $/mu);
  });

  it.each([
    [['--role', 'auditr'], 'did you mean auditor?'],
    [['--format', 'jsno'], 'did you mean json?'],
    [['extra'], 'too many arguments'],
  ])('%j is exit 2', async (argv, said) => {
    const ran = await kerbwatch(['permissions', ...argv]);

    expect(ran.stderr).toContain(said);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
  });
});
