import { describe, expect, it } from 'vitest';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import { actionPermissions } from '../../../domain/remediation/permissions.ts';
import { actionsByRule } from '../../../domain/remediation/plan-for.ts';
import { rules } from '../../../domain/rules/index.ts';

describe('the permissions of actions', () => {
  it('are there for every action and no other', () => {
    expect(Object.keys(actionPermissions).sort()).toEqual(Object.keys(actionRisks).sort());
  });

  it('are said to be of use for exactly the actions that mend a rule', () => {
    const carriedOut = Object.entries(actionPermissions).filter(([, { carriedOut: yes }]) => yes);
    const planned = new Set(Object.values(actionsByRule).flat());

    expect(carriedOut.map(([action]) => action).sort()).toEqual([...planned].sort());
    for (const { id, remediation } of rules) {
      const actions = actionsByRule[id] ?? [];
      if (remediation.action === null) expect(actions).toEqual([]);
      else expect(actions).toContain(remediation.action);
    }
  });

  // Domain facts 5; what a plan itself asks for is in the tests of the plans.
  it.each<[keyof typeof actionPermissions, readonly string[]]>([
    ['grant-consent', ['DelegatedPermissionGrant.ReadWrite.All']],
    ['add-missing-scopes', ['DelegatedPermissionGrant.ReadWrite.All']],
    ['assignment-not-required', ['Application.ReadWrite.All']],
    ['add-cloud-group-tag', ['Application.ReadWrite.All']],
    ['add-privatelink-uris', ['Application.ReadWrite.All']],
    ['allow-aes256-kerberos', ['Microsoft.Storage/storageAccounts/fileServices/write']],
    ['exclude-app-from-policy', ['Application.Read.All', 'Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess']],
    ['replace-dangling-exclusion', ['Application.Read.All', 'Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess']],
    ['remove-orphaned-exclusion', ['Application.Read.All', 'Policy.Read.All', 'Policy.ReadWrite.ConditionalAccess']],
  ])('of %s are %j', (action, names) => {
    expect(actionPermissions[action].permissions.map(({ name }) => name).sort()).toEqual(names);
  });

  it('never read alone', () => {
    const toothless = Object.entries(actionPermissions).filter(
      ([, { permissions }]) => !permissions.some(({ name }) => /write/iu.test(name)),
    );
    expect(toothless).toEqual([]);
  });
});
