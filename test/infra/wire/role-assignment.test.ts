import { describe, expect, it } from 'vitest';
import { parseRoleAssignment } from '../../../infra/wire/role-assignment.ts';

const subscription = '/subscriptions/A1B2C3D4-0000-4000-8000-000000000001';
const account = `${subscription}/resourceGroups/RG-Profiles/providers/Microsoft.Storage/storageAccounts/contosoprofiles`;
const share = `${account}/fileServices/default/fileshares/Profiles`;
const name = '05C5A614-A7D6-4502-B150-C2FB455033FF';
const contributor = '0C867C2A-1D8C-454A-A3DB-AB2EA1BDC8BB';

const armAssignment = {
  id: `${share}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  type: 'Microsoft.Authorization/roleAssignments',
  name,
  properties: {
    roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
    principalId: 'CE2CE14E-85D7-4629-BDBC-454D0519D987',
    principalType: 'Group',
    scope: share,
    condition: null,
    conditionVersion: null,
    createdOn: '2026-01-15T09:11:22.1234567Z',
  },
};

function withProperties(over: Readonly<Record<string, unknown>>) {
  return { ...armAssignment, properties: { ...armAssignment.properties, ...over } };
}

describe('a role assignment from the wire', () => {
  it('has its ids and its scope in lower case, and the role by its GUID', () => {
    expect(parseRoleAssignment(armAssignment)).toEqual({
      id: armAssignment.id.toLowerCase(),
      scope: share.toLowerCase(),
      roleId: contributor.toLowerCase(),
      principalId: 'ce2ce14e-85d7-4629-bdbc-454d0519d987',
      conditional: false,
    });
  });

  it('reads a Resource Graph row, whose role belongs to no subscription, alike', () => {
    const row = {
      ...withProperties({
        roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${contributor.toLowerCase()}`,
      }),
      type: 'microsoft.authorization/roleassignments',
      subscriptionId: 'a1b2c3d4-0000-4000-8000-000000000001',
      tenantId: '0000aaaa-0000-4000-8000-00000000000f',
    };
    expect(parseRoleAssignment(row)).toEqual(parseRoleAssignment(armAssignment));
  });

  it.each([
    ['/', '/'],
    [`${subscription}/`, subscription.toLowerCase()],
    ['/providers/Microsoft.Management/managementGroups/Corp', '/providers/microsoft.management/managementgroups/corp'],
  ])('has scope %s as %s', (scope, expected) => {
    expect(parseRoleAssignment(withProperties({ scope })).scope).toBe(expected);
  });

  it.each([
    ["@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'a'", true],
    ['', false],
    [null, false],
    [undefined, false],
  ])('with condition %o is conditional: %s', (condition, conditional) => {
    expect(parseRoleAssignment(withProperties({ condition })).conditional).toBe(conditional);
  });

  it.each([
    ['id', { ...armAssignment, id: undefined }],
    ['properties', { ...armAssignment, properties: undefined }],
    ['properties.scope', withProperties({ scope: undefined })],
    ['properties.roleDefinitionId', withProperties({ roleDefinitionId: 'Contributor' })],
    ['properties.roleDefinitionId', withProperties({ roleDefinitionId: `/x/roleDefinitions/${contributor}/y` })],
    ['properties.principalId', withProperties({ principalId: null })],
  ])('names %s when it is not what ARM sends', (member, object) => {
    expect(() => parseRoleAssignment(object)).toThrow(`role assignment: ${member}: `);
  });
});
