import { matchesAccount } from '../model/account-match.ts';
import { gapsOf } from '../model/collection.ts';
import type { RoleAssignment } from '../model/resources.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { Resources } from './resources.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { sharePermission } from './share-permission.ts';
import { shareRoleAssignments, shareRoles } from './share-role-assignments.ts';
import { byCodeUnit, verdict } from './verdicts.ts';

/**
 * A ticket says who somebody is; a share-level permission lets them in. The default one is everybody's; else a role on
 * shares, or a custom role that may read files over SMB, has to be assigned at a share, the account or above.
 */
export const sharePermissionAssigned: AccountRule = {
  about: 'account',
  id: 'share-permission-assigned',
  statement: 'Somebody has a share-level permission: by default, or by a role assignment',
  why: 'A ticket opens no share. Without a default share permission and without a role on shares, everybody is refused.',
  severity: 'high',
  needs: ['storage-accounts', 'role-assignments'],
  helpedBy: ['role-definitions'],
  symptom: 'System error 5: access is denied',
  remediation: { summary: 'Set a default share permission, or assign a share role to those who mount', action: null },
  thresholds: {},
  evaluate: (context) =>
    aboutKerberosAccount(sharePermissionAssigned, context.account, () => judgeDefault(context) ?? judgeRoles(context)),
};

/** So many assignments are named in evidence; their number tells of the rest. */
const namedAssignments = 20;

/** null where the default decides nothing. */
function judgeDefault({ account, settings }: RuleContext): Verdict | null {
  const { severity } = sharePermissionAssigned;
  const { defaultSharePermission } = account;
  const evidence = { defaultSharePermission, readFrom: ['storage-accounts'] };
  const permission = sharePermission(defaultSharePermission);
  if (permission === null) {
    const title = `Default share permission ‹${String(defaultSharePermission)}› is not known here`;
    return verdict('unknown', severity, title, { evidence });
  }
  if (permission !== 'None') return verdict('pass', severity, `Everybody has ${permission} by default`, { evidence });
  if (!settings.cloudOnlyUsers.some((match) => matchesAccount(match, account))) return null;
  // Roles on shares do not work for people without an on-premises identity (domain facts 0.1).
  const title =
    'No default share permission is set, and role assignments do not count for cloud-only users: all are refused';
  return verdict('fail', severity, title, { evidence: { ...evidence, cloudOnlyUsers: true } });
}

function judgeRoles({ account, directory, resources }: RuleContext): Verdict {
  const { severity } = sharePermissionAssigned;
  const { certain, elsewhere, unseenRoles } = shareRoleAssignments(account, resources, directory.facts.tenantId);
  const about = (assignments: readonly RoleAssignment[]) => ({
    evidence: {
      defaultSharePermission: account.defaultSharePermission,
      assignments: named(assignments, (roleId) => resources.roleDefinition(roleId)?.name ?? null),
      assignmentCount: assignments.length,
      readFrom: ['storage-accounts', ...rolesReadFrom(resources)],
    },
    deciders: assignments.map(({ id }) => id),
  });
  if (certain.length > 0) {
    const onlyIf = certain.every(({ conditional }) => conditional) ? ', under conditions' : '';
    return verdict('pass', severity, `A role on shares is assigned${onlyIf}`, about(certain));
  }
  const gaps = resources.assignmentGapsAround(account);
  if (gaps.length > 0) {
    const title = 'No permission on shares was seen, in role assignments that were not read whole';
    return verdict('unknown', severity, title, { ...about(elsewhere), gaps });
  }
  if (elsewhere.length > 0) {
    const title =
      'A role on shares is assigned at a management group; whether the account lies below it is not known here';
    return verdict('unknown', 'low', title, about(elsewhere));
  }
  if (unseenRoles.length > 0 && gapsOf(resources.facts.roleDefinitions).length > 0) {
    const title = 'No default share permission and no share role is assigned; a custom role may grant it too';
    return verdict('warn', 'medium', title, { evidence: { ...about([]).evidence, unseenRoles } });
  }
  const title = 'No default share permission and no role on shares is assigned: everybody is refused';
  return verdict('fail', severity, title, about([]));
}

function named(assignments: readonly RoleAssignment[], roleName: (roleId: string) => string | null): Evidence[] {
  return assignments
    .toSorted((a, b) => byCodeUnit(a.id, b.id))
    .slice(0, namedAssignments)
    .map(({ id, scope, roleId, conditional }) => {
      return { id, scope, roleId, role: shareRoles.get(roleId) ?? roleName(roleId), conditional };
    });
}

function rolesReadFrom({ facts }: Resources): readonly string[] {
  return [
    ...(facts.roleAssignments.state === 'unavailable' ? [] : ['role-assignments']),
    ...(facts.roleDefinitions.state === 'unavailable' ? [] : ['role-definitions']),
  ];
}
