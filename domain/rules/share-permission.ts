const permissions = [
  'None',
  'StorageFileDataSmbShareReader',
  'StorageFileDataSmbShareContributor',
  'StorageFileDataSmbShareElevatedContributor',
  'StorageFileDataPrivilegedReader',
  'StorageFileDataPrivilegedContributor',
  'StorageFileDataSmbAdmin',
] as const;

export type SharePermission = (typeof permissions)[number];

/**
 * The known `defaultSharePermission` that the value is, case ignored; not set is `None`. null for a new one. The first four
 * are in domain facts 1.1, the others in "Assign share-level permissions for Azure file shares" since March 2026.
 */
export function sharePermission(value: string | null): SharePermission | null {
  if (value === null) return 'None';
  return permissions.find((permission) => permission.toLowerCase() === value.toLowerCase()) ?? null;
}
