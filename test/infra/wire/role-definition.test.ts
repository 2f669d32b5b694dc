import { describe, expect, it } from 'vitest';
import { parseRoleDefinition } from '../../../infra/wire/role-definition.ts';

const contributor = '0C867C2A-1D8C-454A-A3DB-AB2EA1BDC8BB';
const files = 'Microsoft.Storage/storageAccounts/fileServices/fileshares/files';

const permission = {
  actions: [],
  notActions: [],
  dataActions: [`${files}/read`, `${files}/write`, `${files}/delete`],
  notDataActions: [],
};

const armDefinition = {
  id: `/subscriptions/A1B2C3D4-0000-4000-8000-000000000001/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
  type: 'Microsoft.Authorization/roleDefinitions',
  name: contributor,
  properties: {
    roleName: 'Storage File Data SMB Share Contributor',
    type: 'BuiltInRole',
    description: 'Allows for read, write, and delete access in Azure Storage file shares over SMB',
    assignableScopes: ['/'],
    permissions: [permission],
  },
};

function withPermissions(permissions: unknown) {
  return { ...armDefinition, properties: { ...armDefinition.properties, permissions } };
}

describe('a role definition from the wire', () => {
  it('has its GUID in lower case, its name and its data actions as written', () => {
    expect(parseRoleDefinition(armDefinition)).toEqual({
      roleId: contributor.toLowerCase(),
      name: 'Storage File Data SMB Share Contributor',
      permissions: [{ dataActions: permission.dataActions, notDataActions: [] }],
    });
  });

  it('reads a Resource Graph row, which belongs to no subscription, alike', () => {
    const row = {
      ...armDefinition,
      id: `/providers/Microsoft.Authorization/RoleDefinitions/${contributor.toLowerCase()}`,
      type: 'microsoft.authorization/roledefinitions',
      subscriptionId: '',
    };
    expect(parseRoleDefinition(row)).toEqual(parseRoleDefinition(armDefinition));
  });

  it('keeps its permissions apart, since what one takes back another may give', () => {
    const other = { ...permission, dataActions: ['*'], notDataActions: [`${files}/*`] };
    expect(parseRoleDefinition(withPermissions([permission, other])).permissions).toEqual([
      { dataActions: permission.dataActions, notDataActions: [] },
      { dataActions: ['*'], notDataActions: [`${files}/*`] },
    ]);
  });

  it('takes null for no data actions', () => {
    const none = { ...permission, dataActions: null, notDataActions: null };
    expect(parseRoleDefinition(withPermissions([none])).permissions).toEqual([{ dataActions: [], notDataActions: [] }]);
  });

  it.each([
    ['id', { ...armDefinition, id: contributor }],
    ['properties', { ...armDefinition, properties: undefined }],
    ['properties.permissions', withPermissions(undefined)],
    ['properties.permissions.0.dataActions', withPermissions([{ ...permission, dataActions: undefined }])],
    ['properties.permissions.0.notDataActions', withPermissions([{ ...permission, notDataActions: undefined }])],
  ])('is refused for %s, which must not pass for a role that allows nothing', (member, object) => {
    expect(() => parseRoleDefinition(object)).toThrow(`role definition: ${member}: `);
  });
});
