/** The collections of a snapshot directory, each in the file `<name>.ndjson`. */
export const collectionNames = [
  'storage-accounts',
  'file-services',
  'file-shares',
  'private-endpoints',
  'role-assignments',
  'role-definitions',
  'applications',
  'service-principals',
  'oauth2-permission-grants',
  'conditional-access-policies',
  'named-locations',
  'security-defaults',
  'default-app-management-policy',
  'configuration-policies',
  'device-configurations',
  'devices',
  'managed-devices',
  'cloud-trusts',
] as const;

export type CollectionName = (typeof collectionNames)[number];

export function isCollectionName(name: string): name is CollectionName {
  return (collectionNames as readonly string[]).includes(name);
}
