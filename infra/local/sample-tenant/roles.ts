import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { accountIdOf, sharesByKerberos } from './accounts.ts';
import { daysFrom, guidFor, sampleTenantId } from './names.ts';
import { sampleSubscriptions, subscriptionByKey } from './subscriptions.ts';

const provider = '/providers/Microsoft.Authorization';
const shareActions = 'Microsoft.Storage/storageAccounts/fileServices/fileshares/files';

/** Built-in roles by name, with what they allow on data. */
const builtIn = {
  Owner: { guid: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', actions: ['*'], dataActions: [] },
  Contributor: { guid: 'b24988ac-6180-42a0-ab88-20f7382dd24c', actions: ['*'], dataActions: [] },
  Reader: { guid: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['*/read'], dataActions: [] },
  'Storage Blob Data Reader': {
    guid: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
    dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  },
  'Storage File Data SMB Share Reader': {
    guid: 'aba4ae5f-2193-4029-9191-0cb91df5e314',
    actions: [],
    dataActions: [`${shareActions}/read`],
  },
  'Storage File Data SMB Share Contributor': {
    guid: '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb',
    actions: [],
    dataActions: [`${shareActions}/read`, `${shareActions}/write`, `${shareActions}/delete`],
  },
  'Storage File Data SMB Share Elevated Contributor': {
    guid: 'a7264617-510b-434b-a828-9731dc254ea7',
    actions: [],
    dataActions: ['read', 'write', 'delete', 'modifypermissions/action'].map((action) => `${shareActions}/${action}`),
  },
} as const;

const customRole = guidFor('role/Store shares');

/** The built-in roles, and one of Contoso's own that allows reading and writing files on shares. */
export function roleDefinitions(now: Date): WireObject[] {
  const assignableScopes = sampleSubscriptions.map(({ id }) => `/subscriptions/${id}`);
  return [
    ...Object.entries(builtIn).map(([roleName, { guid, ...allowed }]) =>
      definition(`${provider}/RoleDefinitions/${guid}`, roleName, 'BuiltInRole', ['/'], allowed, now),
    ),
    definition(
      `${provider}/RoleDefinitions/${customRole}`,
      'Contoso store shares',
      'CustomRole',
      assignableScopes,
      { actions: [], dataActions: [`${shareActions}/read`, `${shareActions}/write`] },
      now,
    ),
  ];
}

/** Who may use the shares of an account: a group, by a role at the account if the plan has no other. */
export function roleAssignments(plan: AccountPlan, now: Date): WireObject[] {
  if (!sharesByKerberos(plan)) return [];
  const account = accountIdOf(plan);
  const { id, resourceGroup } = subscriptionByKey(plan.subscription);
  const group = `/subscriptions/${id}/resourceGroups/${resourceGroup}`;
  const reader = builtIn['Storage File Data SMB Share Reader'].guid;
  const { shareRole = 'at-the-account' } = plan;
  switch (shareRole) {
    case 'none':
      return [];
    case 'at-a-share':
      // The scope of a share is spelled otherwise than the share's own id.
      return [assignment(plan.name, `${account}/fileServices/default/fileshares/documents`, reader, now)];
    case 'custom-at-the-group':
      return [assignment(plan.name, group, customRole, now)];
    case 'at-the-account':
      return [assignment(plan.name, account, reader, now)];
  }
}

/** What the auditor itself was given, at the topmost management group. */
export function auditorAssignment(now: Date): WireObject {
  const scope = '/providers/Microsoft.Management/managementGroups/contoso';
  return assignment('auditor', scope, builtIn.Reader.guid, now);
}

function definition(
  id: string,
  roleName: string,
  type: string,
  assignableScopes: readonly string[],
  { actions, dataActions }: { readonly actions: readonly string[]; readonly dataActions: readonly string[] },
  now: Date,
): WireObject {
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Authorization/RoleDefinitions',
    properties: {
      roleName,
      type,
      description: '',
      assignableScopes,
      permissions: [{ actions, notActions: [], dataActions, notDataActions: [] }],
      createdOn: daysFrom(now, -900).toISOString(),
    },
  };
}

function assignment(forWhat: string, scope: string, role: string, now: Date): WireObject {
  const name = guidFor(`role-assignment/${forWhat}`);
  return {
    id: `${scope}${provider}/RoleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/RoleAssignments',
    properties: {
      roleDefinitionId: `${provider}/RoleDefinitions/${role}`,
      principalId: guidFor('group/share-readers'),
      principalType: 'Group',
      scope,
      createdOn: daysFrom(now, -200).toISOString(),
      tenantId: sampleTenantId,
    },
  };
}
