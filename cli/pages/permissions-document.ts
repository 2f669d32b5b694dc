import { delegatedScopes, type Permission } from '../../domain/model/permissions.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import {
  auditorPermissions,
  optionalPermissionsFor,
  isSwitchedOn,
  type PermissionRole,
  remediatorActions,
} from './permission-list.ts';

/** The document of `kerbwatch permissions --format json` (`kerbwatch.permissions/v1`). */
export function permissionsDocument(
  roles: readonly PermissionRole[],
  rules: readonly Rule[],
  modes: Settings['remediation'] | null,
): object {
  return {
    schema: 'kerbwatch.permissions/v1',
    ...(roles.includes('auditor') ? { auditor: auditorDocument(rules) } : {}),
    ...(roles.includes('remediator') ? { remediator: remediatorDocument(rules, modes) } : {}),
  };
}

function auditorDocument(rules: readonly Rule[]): object {
  return {
    delegatedScopes: delegatedScopes(rules),
    needed: auditorPermissions(rules).map(({ permission, collections, reads, neededBy, helps }) => ({
      ...permissionDocument(permission),
      reads: reads.join('; '),
      collections,
      neededBy,
      helps,
    })),
    optional: optionalPermissionsFor(rules).map(({ permission, reads, when, rules: ids }) => ({
      ...permissionDocument(permission),
      reads,
      when,
      rules: ids,
    })),
  };
}

function remediatorDocument(rules: readonly Rule[], modes: Settings['remediation'] | null): object {
  const [on, off] = [true, false].map((wanted) =>
    remediatorActions(rules).filter(({ action }) => isSwitchedOn(action, modes) === wanted),
  );
  return {
    ...(modes === null ? {} : { notSwitchedOn: off?.map(({ action }) => action) }),
    actions: on?.map(({ action, does, risk, carriedOut, permissions, beware, rules: ids }) => ({
      action,
      does,
      risk,
      carriedOut,
      permissions: permissions.map(permissionDocument),
      beware,
      rules: ids,
    })),
  };
}

function permissionDocument(permission: Permission): object {
  return permission.api === 'graph'
    ? { api: 'graph', name: permission.name, appRoleId: permission.appRoleId }
    : { api: 'azure', name: permission.name, role: permission.role };
}
