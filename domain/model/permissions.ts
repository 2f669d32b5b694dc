import type { CollectionName } from './collection.ts';

/**
 * A permission of Microsoft Graph, as an app role for an identity. People sign in with the delegated scope of the same
 * name, and need a directory role besides that may read the same, such as Global Reader.
 */
export interface GraphPermission {
  readonly api: 'graph';
  readonly name: string;
  /** Id of the app role on Microsoft Graph, the same in every tenant and cloud. */
  readonly appRoleId: string;
}

/** An action of Azure Resource Manager, and the least built-in role that holds it. */
export interface AzurePermission {
  readonly api: 'azure';
  readonly name: string;
  readonly role: string;
}

export type Permission = GraphPermission | AzurePermission;

/** What reading a collection takes (domain facts 1 and 4), and what it is read for. */
export interface ReadPermission {
  readonly permission: Permission;
  /** What is read with it, following "reads". */
  readonly reads: string;
}

export const applicationReadAll: GraphPermission = graph(
  'Application.Read.All',
  '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
);
const directoryReadAll = graph('Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61');
export const policyReadAll: GraphPermission = graph('Policy.Read.All', '246dd0d5-5bd0-4def-940b-0421030a5b68');
const intuneConfiguration = graph('DeviceManagementConfiguration.Read.All', 'dc377aa6-52d8-4e23-b271-2a7ae04cedf3');
const managedDevices = graph('DeviceManagementManagedDevices.Read.All', '2f51be20-0bb4-4fed-bf7b-db946066c75e');
const deviceReadAll = graph('Device.Read.All', '7438b122-aefc-4978-80ed-43db9fcc7715');

/** The permission that each collection takes; null for what no API answers and somebody has to hand in. */
export const collectionPermissions: Readonly<Record<CollectionName, ReadPermission | null>> = {
  'storage-accounts': {
    permission: inReader('Microsoft.Storage/storageAccounts/read'),
    reads: 'storage accounts: identity source, host names, network and key settings',
  },
  'file-services': {
    permission: inReader('Microsoft.Storage/storageAccounts/fileServices/read'),
    reads: 'the SMB settings of Entra Kerberos accounts, one request each',
  },
  'file-shares': {
    permission: inReader('Microsoft.Storage/storageAccounts/fileServices/shares/read'),
    reads: 'file shares; never what is in them',
  },
  'private-endpoints': {
    permission: inReader('Microsoft.Network/privateEndpoints/read'),
    reads: 'private endpoints, and which part of an account each leads to',
  },
  'role-assignments': {
    permission: inReader('Microsoft.Authorization/roleAssignments/read'),
    reads: 'who has a role on an account or its shares',
  },
  'role-definitions': {
    permission: inReader('Microsoft.Authorization/roleDefinitions/read'),
    reads: 'what custom roles allow',
  },
  applications: {
    permission: applicationReadAll,
    reads: 'the applications behind storage accounts: names, identifier URIs, tags',
  },
  'service-principals': {
    permission: applicationReadAll,
    reads: 'their service principals: whether they are enabled, and when passwords end (never the passwords)',
  },
  'oauth2-permission-grants': {
    permission: directoryReadAll,
    reads: 'the consents that were granted',
  },
  'conditional-access-policies': {
    permission: policyReadAll,
    reads: 'Conditional Access policies',
  },
  'named-locations': {
    permission: policyReadAll,
    reads: 'the places that policies name',
  },
  'security-defaults': {
    permission: policyReadAll,
    reads: 'whether security defaults are on',
  },
  'default-app-management-policy': {
    permission: policyReadAll,
    reads: 'what the tenant allows of application passwords',
  },
  'configuration-policies': {
    permission: intuneConfiguration,
    reads: 'Intune settings of clients',
  },
  'device-configurations': {
    permission: intuneConfiguration,
    reads: 'Intune custom profiles',
  },
  devices: {
    permission: deviceReadAll,
    reads: 'how devices are joined, and their Windows version',
  },
  'managed-devices': {
    permission: managedDevices,
    reads: 'devices that Intune manages',
  },
  'cloud-trusts': null,
};

/** Something an audit reads outside the collections. */
export interface ExtraPermission extends ReadPermission {
  /** Ids of the rules that it makes surer or decides. */
  readonly rules: readonly string[];
  /** When it is wanted at all. */
  readonly when: string;
}

/** Permissions that an audit does without: they are worth granting only where `when` holds. */
export const optionalPermissions: readonly ExtraPermission[] = [
  {
    permission: graph('CustomSecAttributeAssignment.Read.All', '3b37c5a4-1226-493d-bec3-5d6c6b866f3f'),
    reads: 'the custom security attributes of storage apps',
    rules: ['mfa-excluded', 'conditional-access-not-blocking'],
    when: 'only where a Conditional Access policy picks apps by attribute; without it such a policy is undecided',
  },
  {
    permission: graph('Policy.Read.ConditionalAccess', '37730810-e9ba-4e46-b07e-8ca78d182097'),
    reads: "Entra's own answer to what the policies would do to one sign-in",
    rules: [],
    when: 'only for `kerbwatch preflight --what-if`; it also asks for User.ReadBasic.All to find a user by name',
  },
  {
    permission: graph('AuditLog.Read.All', 'b0afded3-3588-46d8-8b3d-9842eff778da'),
    reads: 'who changed an application, a consent or a policy',
    rules: [],
    when: 'for the name beside a change in Entra, and in the remediator for what a write replaced; no rule reads it, and without it nobody is named',
  },
  {
    permission: inReader('Microsoft.Storage/checknameavailability/read'),
    reads: 'whether an account name is still taken',
    rules: ['storage-app-not-orphaned'],
    when: 'where not every subscription of the tenant is visible; Reader on one subscription is enough',
  },
  {
    permission: inReader('Microsoft.Resources/subscriptions/read'),
    reads: 'which tenant a subscription belongs to, when an event makes Kerbwatch read one account',
    rules: [],
    when: 'where subscriptions of other tenants are in sight; without it their accounts are told apart by the nightly audit alone',
  },
  {
    permission: {
      api: 'azure',
      name: 'Microsoft.Management/managementGroups/descendants/read',
      role: 'Management Group Reader',
    },
    reads: 'which subscriptions lie below a management group',
    rules: [],
    when: 'where the scope names management groups; a subscription that cannot be seen is then noticed',
  },
];

/** What a rule reads, as a rule says it. */
interface Reads {
  readonly needs: readonly CollectionName[];
  readonly helpedBy: readonly CollectionName[];
}

/** The delegated scopes of Microsoft Graph that a person's sign-in asks for an audit by these rules; sorted. */
export function delegatedScopes(rules: readonly Reads[]): readonly string[] {
  const names = rules
    .flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy])
    .map((collection) => collectionPermissions[collection]?.permission)
    .filter((permission) => permission?.api === 'graph')
    .map((permission) => permission.name);
  return [...new Set(names)].sort();
}

function graph(name: string, appRoleId: string): GraphPermission {
  return { api: 'graph', name, appRoleId };
}

/** An action that Reader on the subscription, or above it, holds. */
function inReader(name: string): AzurePermission {
  return { api: 'azure', name, role: 'Reader' };
}
