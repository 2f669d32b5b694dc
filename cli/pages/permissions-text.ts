import { delegatedScopes, type Permission } from '../../domain/model/permissions.ts';
import type { Settings } from '../../domain/model/settings.ts';
import { replanningReads } from '../../domain/remediation/permissions.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import {
  type AuditorPermission,
  auditorPermissions,
  isSwitchedOn,
  type OptionalPermission,
  optionalPermissionsFor,
  type PermissionRole,
  type RemediatorAction,
  remediatorActions,
} from './permission-list.ts';
import { hanging } from './wrap.ts';
import { wrappedTable } from './wrapped-table.ts';

/** Every permission by role, for a terminal. */
export function permissionsText(
  roles: readonly PermissionRole[],
  rules: readonly Rule[],
  modes: Settings['remediation'] | null,
): string {
  const parts = { auditor: () => auditorText(rules), remediator: () => remediatorText(rules, modes) };
  return roles.map((role) => parts[role]()).join('\n');
}

function auditorText(rules: readonly Rule[]): string {
  const permissions = auditorPermissions(rules);
  return [
    'Auditor: reads, never writes',
    '',
    'Azure: the role Reader on each subscription, or on a management group above, holds all of these.',
    '',
    readTable(
      permissions.filter(({ permission }) => permission.api === 'azure'),
      rules,
    ),
    '',
    'Microsoft Graph: application permissions for an identity, delegated scopes of the same names for a person.',
    '',
    readTable(
      permissions.filter(({ permission }) => permission.api === 'graph'),
      rules,
    ),
    '',
    ...hanging(
      '',
      `The sign-in of a person asks for ${delegatedScopes(rules).join(', ')}. The person also needs a directory role that may read the same, such as Global Reader.`,
    ),
    '',
    'Worth granting only sometimes',
    '',
    ...optionalPermissionsFor(rules).flatMap(optionalLines),
    '',
  ].join('\n');
}

function readTable(permissions: readonly AuditorPermission[], rules: readonly Rule[]): string {
  return wrappedTable(
    ['PERMISSION', 'TO READ', 'RULES THAT ARE UNKNOWN WITHOUT IT'],
    permissions.map(({ permission, reads, neededBy, helps }) => [
      permission.name,
      reads.join('; '),
      rulesText(neededBy, helps, rules),
    ]),
    [38, 34, 40],
  );
}

/** A list of nearly all rules tells less than the few that it leaves out. */
function rulesText(neededBy: readonly string[], helps: readonly string[], rules: readonly Rule[]): string {
  const others = rules.map(({ id }) => id).filter((id) => !neededBy.includes(id));
  const needed =
    others.length === 0
      ? 'every rule'
      : neededBy.length > 8 && others.length <= 5
        ? `every rule but ${others.join(', ')}`
        : neededBy.join(', ');
  const helped = helps.length === 0 ? '' : `less sure: ${helps.join(', ')}`;
  return [needed, helped].filter((text) => text !== '').join('; ');
}

function optionalLines({ permission, reads, when, rules }: OptionalPermission): readonly string[] {
  const used = rules.length === 0 ? '' : ` Rules: ${rules.join(', ')}.`;
  return [`  ${permission.name} (${givenAs(permission)})`, ...hanging('      ', `reads ${reads}: ${when}.${used}`)];
}

function remediatorText(rules: readonly Rule[], modes: Settings['remediation'] | null): string {
  const all = remediatorActions(rules);
  const actions = all.filter(({ action }) => isSwitchedOn(action, modes));
  const off = all.filter((one) => !actions.includes(one)).map(({ action }) => action);
  const [carriedOut, later] = [actions.filter((one) => one.carriedOut), actions.filter((one) => !one.carriedOut)];
  return [
    'Remediator: its own identity, and only for what its settings switch on',
    '',
    carriedOut.length === 0
      ? 'The settings have no action write, so it needs no permission to.'
      : actionTable(carriedOut),
    '',
    ...(off.length === 0
      ? []
      : [...hanging('', `Off or a dry run in the settings, so grant nothing for them: ${off.join(', ')}.`), '']),
    ...[...new Set(carriedOut.flatMap(({ beware }) => beware ?? []))].flatMap((beware) => hanging('', beware)),
    ...hanging('', replanningReads),
    '',
    ...(later.length === 0
      ? []
      : [
          'Not carried out by this version, so grant nothing for them: what a person needs who mends it by hand',
          '',
          actionTable(later),
          '',
        ]),
  ].join('\n');
}

function actionTable(actions: readonly RemediatorAction[]): string {
  return wrappedTable(
    ['ACTION', 'PERMISSION', 'DOES', 'MENDS'],
    actions.map(({ action, permissions, does, rules }) => [
      action,
      permissions.map((permission) => (permission.api === 'graph' ? permission.name : permission.role)).join(' '),
      does,
      rules.join(', '),
    ]),
    [26, 40, 34, 30],
  );
}

function givenAs(permission: Permission): string {
  return permission.api === 'graph' ? 'Microsoft Graph' : permission.role;
}
