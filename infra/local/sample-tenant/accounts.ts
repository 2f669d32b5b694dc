import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { daysFrom, guidFor } from './names.ts';
import { subscriptionByKey } from './subscriptions.ts';

const domain = 'corp.contoso.com';
const domainSid = 'S-1-5-21-3623811015-3361044348-30300820';

/** The host that clients mount, as `primaryEndpoints.file` has it. */
export function fileHostOf(plan: AccountPlan): string {
  return plan.zoneHost === true ? `${plan.name}.z21.file.storage.azure.net` : `${plan.name}.file.core.windows.net`;
}

/** ARM id, with the mixed case that real resource groups have. */
export function accountIdOf(plan: AccountPlan): string {
  const { id, resourceGroup } = subscriptionByKey(plan.subscription);
  return `/subscriptions/${id}/resourceGroups/${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${plan.name}`;
}

/** Whether it uses Microsoft Entra Kerberos for shares that it can hold. */
export function sharesByKerberos(plan: AccountPlan): boolean {
  return plan.source === 'AADKERB' && holdsShares(plan);
}

function holdsShares(plan: AccountPlan): boolean {
  return plan.kind !== 'BlobStorage' && plan.kind !== 'BlockBlobStorage';
}

/** The storage account as ARM returns it. */
export function storageAccount(plan: AccountPlan, now: Date): WireObject {
  const authentication = authenticationOf(plan);
  return {
    sku: { name: plan.sku, tier: plan.sku.startsWith('Premium') ? 'Premium' : 'Standard' },
    kind: plan.kind,
    id: accountIdOf(plan),
    name: plan.name,
    type: 'Microsoft.Storage/storageAccounts',
    location: subscriptionByKey(plan.subscription).location,
    tags: plan.tags ?? {},
    properties: {
      dnsEndpointType: plan.zoneHost === true ? 'AzureDnsZone' : 'Standard',
      allowSharedKeyAccess: plan.source === 'AADKERB' ? false : undefined,
      minimumTlsVersion: 'TLS1_2',
      publicNetworkAccess: plan.privateEndpoints === undefined ? 'Enabled' : 'Disabled',
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] },
      privateEndpointConnections: (plan.privateEndpoints ?? []).map((group) => connectionOf(plan, group)),
      ...(authentication === undefined ? {} : { azureFilesIdentityBasedAuthentication: authentication }),
      provisioningState: 'Succeeded',
      creationTime: daysFrom(now, -ageOf(plan)).toISOString().replace('Z', '4321Z'),
      primaryEndpoints: holdsShares(plan) ? { file: `https://${fileHostOf(plan)}/` } : { blob: blobEndpointOf(plan) },
      primaryLocation: subscriptionByKey(plan.subscription).location,
      statusOfPrimary: 'available',
    },
  };
}

/** Days since it was made: longer ago than its app, which came when it was switched to Entra Kerberos. */
function ageOf({ passwords = [] }: AccountPlan): number {
  return Math.max(400, ...passwords.map(({ startedAgo }) => startedAgo + 20));
}

function blobEndpointOf(plan: AccountPlan): string {
  return `https://${plan.name}.blob.core.windows.net/`;
}

function authenticationOf(plan: AccountPlan): WireObject | null | undefined {
  if (plan.source === 'absent') return undefined;
  if (plan.source === 'null') return null;
  const properties = activeDirectoryPropertiesOf(plan);
  const shares = plan.source === 'None' ? 'None' : 'StorageFileDataSmbShareContributor';
  return {
    directoryServiceOptions: plan.source,
    ...(properties === undefined ? {} : { activeDirectoryProperties: properties }),
    defaultSharePermission: plan.defaultSharePermission ?? shares,
    ...(plan.smbOAuth === undefined ? {} : { smbOAuthSettings: { isSmbOAuthEnabled: plan.smbOAuth } }),
  };
}

function activeDirectoryPropertiesOf(plan: AccountPlan): WireObject | undefined {
  const pair = { domainName: domain, domainGuid: guidFor('domain') };
  if (plan.residue === 'domain-pair') return pair;
  if (plan.residue === 'domain-name-only') return { domainName: domain };
  if (plan.residue !== 'ad-properties') return undefined;
  return {
    ...pair,
    // Microsoft's own module writes the DNS name here.
    netBiosDomainName: domain,
    forestName: domain,
    domainSid,
    azureStorageSid: `${domainSid}-${String(parseInt(guidFor(`sid/${plan.name}`).slice(0, 4), 16) + 1100)}`,
    samAccountName: plan.name.slice(0, 15),
    accountType: 'Computer',
  };
}

function connectionOf(plan: AccountPlan, group: string): WireObject {
  const id = accountIdOf(plan);
  const name = `${plan.name}.${guidFor(`connection/${plan.name}/${group}`)}`;
  return {
    id: `${id}/privateEndpointConnections/${name}`,
    name,
    type: 'Microsoft.Storage/storageAccounts/privateEndpointConnections',
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: privateEndpointIdOf(plan, group) },
      privateLinkServiceConnectionState: { status: 'Approved', description: 'Auto-Approved', actionRequired: 'None' },
    },
  };
}

function privateEndpointIdOf(plan: AccountPlan, group: string): string {
  const { id } = subscriptionByKey('engineering');
  return `/subscriptions/${id}/resourceGroups/rg-Hub-Network/providers/Microsoft.Network/privateEndpoints/pe-${plan.name}-${group}`;
}

/** The private endpoints of an account, in the network team's subscription: only they say which sub-resource they serve. */
export function privateEndpoints(plan: AccountPlan): WireObject[] {
  return (plan.privateEndpoints ?? []).map((group) => ({
    id: privateEndpointIdOf(plan, group),
    name: `pe-${plan.name}-${group}`,
    type: 'Microsoft.Network/privateEndpoints',
    location: 'westeurope',
    properties: {
      provisioningState: 'Succeeded',
      manualPrivateLinkServiceConnections: [],
      privateLinkServiceConnections: [
        {
          name: `pe-${plan.name}-${group}`,
          properties: {
            privateLinkServiceId: accountIdOf(plan),
            groupIds: [group],
            privateLinkServiceConnectionState: {
              status: 'Approved',
              description: 'Auto-Approved',
              actionsRequired: 'None',
            },
          },
        },
      ],
    },
  }));
}

/** The file service as ARM returns it, for accounts that can hold shares. */
export function fileService(plan: AccountPlan): WireObject {
  return {
    sku: { name: plan.sku },
    properties: {
      protocolSettings: plan.protocolSettings ?? { smb: {} },
      cors: { corsRules: [] },
      shareDeleteRetentionPolicy: { enabled: true, days: 7 },
    },
    id: `${accountIdOf(plan)}/fileServices/default`,
    name: 'default',
    type: 'Microsoft.Storage/storageAccounts/fileServices',
  };
}
