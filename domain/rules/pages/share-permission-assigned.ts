import type { RulePage } from './page.ts';

export const sharePermissionAssignedPage: RulePage = {
  rule: 'share-permission-assigned',
  why: 'Access is the lesser of two: the share-level permission, and the access control lists on files and directories. The default permission is `None` until somebody sets it.',
  affected: 'Everyone who mounts a share of the account.',
  reading:
    '`defaultSharePermission` of the account is looked at first: if it is set, everybody has it, and that is enough. Otherwise one role assignment is enough, at a share (`…/fileServices/default/fileshares/NAME`), the account, its resource group, its subscription, the root management group or `/`: of a built-in role for shares (Storage File Data SMB Share Reader, Contributor, Elevated Contributor; Storage File Data Privileged Reader, Contributor; Storage File Data SMB Admin), or of any role that allows the data action `Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read`. An assignment under a condition counts, and is marked. An assignment at `…/shares/NAME`, the ARM id of a share, is accepted by Azure and has no effect: it does not count. For accounts under `cloudOnlyUsers` in settings only the default permission counts, since roles work for hybrid identities alone. Who holds the role, and what the files themselves allow, is not looked at, and neither are deny assignments.',
  outcomes: [
    { when: 'a default share permission is set', outcome: 'pass', severity: null },
    { when: 'a role on shares is assigned at the account, a share, or above', outcome: 'pass', severity: null },
    { when: 'neither', outcome: 'fail', severity: 'high' },
    { when: 'no default permission on an account with cloud-only users', outcome: 'fail', severity: 'high' },
    {
      when: 'neither, and a role is assigned whose definition was not read: a custom role may grant it too',
      outcome: 'warn',
      severity: 'medium',
    },
    { when: 'another identity source, or a kind without SMB shares', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'Role assignments were not read whole and none seen is enough: `Microsoft.Authorization/roleAssignments/read` on the subscription mends it, which Reader holds. Or a role on shares is assigned at a management group only, and whether the account lies below it is not known here (severity low): look at Access control (IAM) of the account. Or the default permission is a value that is not known here.',
  fix: {
    before:
      'A role needs a hybrid user or group; cloud-only users and computers need the default permission. Assigning takes Owner, User Access Administrator or Role Based Access Control Administrator.',
    portal:
      'For some: file share → Access control (IAM) → Add role assignment → Storage File Data SMB Share Contributor → the group. For everybody: storage account → Data storage → File shares → Identity-based access → Set share-level permissions → Enable permissions for all authenticated users and groups.',
    azureCli:
      '`az role assignment create --role "Storage File Data SMB Share Contributor" --assignee-object-id GROUP_ID --assignee-principal-type Group --scope "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Storage/storageAccounts/NAME/fileServices/default/fileshares/SHARE"`, or for everybody `az storage account update -n NAME -g GROUP --default-share-permission StorageFileDataSmbShareContributor`',
    powerShell:
      '`New-AzRoleAssignment -ObjectId GROUP_ID -RoleDefinitionName "Storage File Data SMB Share Contributor" -Scope "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Storage/storageAccounts/NAME/fileServices/default/fileshares/SHARE"`, or for everybody `Set-AzStorageAccount -ResourceGroupName GROUP -Name NAME -DefaultSharePermission StorageFileDataSmbShareContributor`',
    graph:
      'not there; with ARM, `PUT {scope}/providers/Microsoft.Authorization/roleAssignments/NEW_GUID?api-version=2022-04-01` with `{ "properties": { "roleDefinitionId": "/subscriptions/SUBSCRIPTION/providers/Microsoft.Authorization/roleDefinitions/0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb", "principalId": "GROUP_ID", "principalType": "Group" } }`',
    after: 'It takes up to 30 minutes, at times longer, and a new connection.',
  },
  undo: 'Delete the role assignment (`az role assignment delete --ids ASSIGNMENT_ID`), or set the default permission back to `None`.',
  sources: [
    {
      title: 'Assign share-level permissions for Azure file shares',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-assign-share-level-permissions',
    },
    {
      title: 'Azure built-in roles for storage',
      url: 'https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage',
    },
    {
      title: 'The id of a share in ARM and in role assignments differ (azure-rest-api-specs issue 24568)',
      url: 'https://github.com/Azure/azure-rest-api-specs/issues/24568',
    },
  ],
};
