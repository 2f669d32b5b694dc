import { describe, expect, it } from 'vitest';
import { shareRoleIds } from '../../../../infra/azure/resource-graph/share-roles.ts';

const builtIn = [
  '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb',
  'a7264617-510b-434b-a828-9731dc254ea7',
  'aba4ae5f-2193-4029-9191-0cb91df5e314',
];
const custom = 'cccccccc-0000-4000-8000-00000000000A';
const definition = (...dataActions: unknown[]) => ({
  id: `/providers/Microsoft.Authorization/RoleDefinitions/${custom}`,
  properties: { permissions: [{ dataActions: [] }, { dataActions }] },
});

describe('shareRoleIds', () => {
  it('are the built-in share roles where no definition was read', () => {
    expect(shareRoleIds([])).toEqual(builtIn);
  });

  it.each([
    'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
    'MICROSOFT.STORAGE/STORAGEACCOUNTS/FILESERVICES/FILESHARES/FILES/READ',
    'Microsoft.Storage/storageAccounts/fileServices/*',
    'Microsoft.Storage/*/read',
    '*/read',
    '*',
  ])('take in a custom role with data action %s', (action) => {
    expect(shareRoleIds([definition(action)])).toEqual([...builtIn, custom.toLowerCase()].sort());
  });

  it.each([
    'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
    'Microsoft.Storage/storageAccounts/blobServices/*',
    'Microsoft.KeyVault/*',
    'Microsoft.Storage',
  ])('leave out a role with data action %s', (action) => {
    expect(shareRoleIds([definition(action)])).toEqual(builtIn);
  });

  it('leave out a role without data actions, and take in one that cannot be judged', () => {
    expect(shareRoleIds([definition(), { id: definition().id }])).toEqual(builtIn);
    expect(shareRoleIds([definition(42)])).toContain(custom.toLowerCase());
  });

  it('name each role once', () => {
    expect(shareRoleIds([definition('*'), definition('*')])).toHaveLength(4);
  });
});
