import { type CollectionName, collectionNames } from '../../domain/model/collection.ts';
import {
  collectionPermissions,
  type ExtraPermission,
  optionalPermissions,
  type Permission,
} from '../../domain/model/permissions.ts';
import type { Settings } from '../../domain/model/settings.ts';
import { actionsByRule } from '../../domain/remediation/plan-for.ts';
import { type Risk, actionRisks } from '../../domain/remediation/actions.ts';
import { type ActionPermissions, actionPermissions } from '../../domain/remediation/permissions.ts';
import type { Rule } from '../../domain/rules/rule.ts';

/** Whose permissions: the auditor reads, the remediator writes. */
export type PermissionRole = 'auditor' | 'remediator';

/** A permission of the auditor: what it is for, and which rules say unknown without it. */
export interface AuditorPermission {
  readonly permission: Permission;
  readonly collections: readonly CollectionName[];
  readonly reads: readonly string[];
  /** Rules that may say unknown without it. */
  readonly neededBy: readonly string[];
  /** Rules that are only less sure without it. */
  readonly helps: readonly string[];
}

/** A permission that is worth granting only under a condition. */
export interface OptionalPermission {
  readonly permission: Permission;
  readonly reads: string;
  readonly when: string;
  readonly rules: readonly string[];
}

/** An action of the remediator. */
export interface RemediatorAction extends ActionPermissions {
  readonly action: string;
  readonly risk: Risk;
  /** Rules whose findings it mends. */
  readonly rules: readonly string[];
}

/** The auditor's permissions for these rules, in the order in which collections are named; each permission once. */
export function auditorPermissions(rules: readonly Rule[]): readonly AuditorPermission[] {
  const read = collectionNames.filter((name) => rules.some((rule) => reads(rule).includes(name)));
  const permissions = new Map(
    read.flatMap((name) => {
      const permission = collectionPermissions[name]?.permission;
      return permission === undefined ? [] : [[permission.name, permission] as const];
    }),
  );
  return [...permissions.values()].map((permission) => {
    const collections = read.filter((name) => collectionPermissions[name]?.permission.name === permission.name);
    const neededBy = rules.filter(({ needs }) => needs.some((name) => collections.includes(name)));
    const helps = rules.filter(
      (rule) => !neededBy.includes(rule) && reads(rule).some((name) => collections.includes(name)),
    );
    return {
      permission,
      collections,
      reads: collections.flatMap((name) => collectionPermissions[name]?.reads ?? []),
      neededBy: neededBy.map(({ id }) => id),
      helps: helps.map(({ id }) => id),
    };
  });
}

/** What is not needed, and when it is worth having. */
export function optionalPermissionsFor(rules: readonly Rule[]): readonly OptionalPermission[] {
  return optionalPermissions.map(({ permission, reads: what, when, rules: ids }: ExtraPermission) => ({
    permission,
    reads: what,
    when,
    rules: ids.filter((id) => rules.some((rule) => rule.id === id)),
  }));
}

/** Whether settings have an action write: a dry run takes no more than reading. @param modes null: no settings were given */
export function isSwitchedOn(action: string, modes: Settings['remediation'] | null): boolean {
  return modes === null || modes[action] === 'approve' || modes[action] === 'auto';
}

/** What the remediator may be asked to do: what this version carries out first. */
export function remediatorActions(rules: readonly Rule[]): readonly RemediatorAction[] {
  return Object.entries(actionPermissions)
    .map(([action, needed]) => ({
      action,
      risk: actionRisks[action as keyof typeof actionRisks],
      rules: rules.filter(({ id }) => actionsByRule[id]?.includes(action) === true).map(({ id }) => id),
      ...needed,
    }))
    .sort((a, b) => Number(b.carriedOut) - Number(a.carriedOut));
}

function reads({ needs, helpedBy }: Rule): readonly CollectionName[] {
  return [...needs, ...helpedBy];
}
