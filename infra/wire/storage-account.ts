import { z } from 'zod';
import type { PrivateEndpointConnection, StorageAccount } from '../../domain/model/storage-account.ts';
import type { WireObject } from '../estate-source.ts';
import { optionalFlag, optionalInstant, optionalText, title } from './fields.ts';
import { keyword } from './keyword.ts';
import { parseWire } from './parse-wire.ts';

const accountId =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Storage\/storageAccounts\/([^/]+)$/iu;

const directoryService = keyword('None', 'AADDS', 'AD', 'AADKERB');

const armId = z.string().transform((id, context) => {
  const [, subscriptionId, resourceGroup, name] = accountId.exec(id) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) {
    context.addIssue({ code: 'custom', message: 'is not the id of a storage account' });
    return z.NEVER;
  }
  return { id, subscriptionId: subscriptionId.toLowerCase(), resourceGroup, name };
});

const fileEndpoint = z
  .string()
  .nullish()
  .transform((endpoint, context) => {
    if (endpoint === undefined || endpoint === null || endpoint === '') return null;
    const host = URL.parse(endpoint)?.hostname ?? '';
    if (host !== '') return host.toLowerCase();
    context.addIssue({ code: 'custom', message: 'is not an address' });
    return z.NEVER;
  });

const activeDirectoryProperties = z
  .object({
    domainName: optionalText,
    netBiosDomainName: optionalText,
    forestName: optionalText,
    domainGuid: optionalText,
    domainSid: optionalText,
    azureStorageSid: optionalText,
    samAccountName: optionalText,
    accountType: optionalText,
  })
  .nullish()
  .transform((properties) =>
    properties === undefined || properties === null || Object.values(properties).every((value) => value === null)
      ? null
      : properties,
  );

const identityBasedAuthentication = z
  .object({
    directoryServiceOptions: optionalText,
    activeDirectoryProperties,
    defaultSharePermission: optionalText,
    smbOAuthSettings: z.object({ isSmbOAuthEnabled: z.boolean().nullish() }).nullish(),
  })
  .nullish();

/** ARM sends an empty list for an account without any; absent and null say nothing. */
const privateEndpointConnections = z
  .array(
    z.object({
      properties: z
        .object({
          privateEndpoint: z.object({ id: optionalText }).nullish(),
          privateLinkServiceConnectionState: z.object({ status: optionalText }).nullish(),
        })
        .nullish(),
    }),
  )
  .nullish()
  .transform(
    (connections) =>
      connections?.map(({ properties }): PrivateEndpointConnection => ({
        endpointKey: properties?.privateEndpoint?.id?.toLowerCase() ?? null,
        status: properties?.privateLinkServiceConnectionState?.status ?? null,
      })) ?? null,
  );

/** `properties` has to be there: without it, "no identity source" would be a guess. */
const wireStorageAccount = z
  .object({
    id: armId,
    name: optionalText,
    location: title,
    tenantId: optionalText,
    kind: title,
    tags: z.record(z.string(), title).nullish(),
    properties: z.object({
      primaryEndpoints: z.object({ file: fileEndpoint }).nullish(),
      azureFilesIdentityBasedAuthentication: identityBasedAuthentication,
      creationTime: optionalInstant,
      allowSharedKeyAccess: optionalFlag,
      allowSharedKeyAccessForServices: z.object({ file: z.object({ enabled: optionalFlag }).nullish() }).nullish(),
      privateEndpointConnections,
    }),
  })
  .transform(({ id: arm, name, location, tenantId, kind, tags, properties }): StorageAccount => {
    const identity = properties.azureFilesIdentityBasedAuthentication;
    return {
      id: arm.id,
      key: arm.id.toLowerCase(),
      name: name ?? arm.name,
      subscriptionId: arm.subscriptionId,
      // From the id, which keeps the case that a Resource Graph row's own column has lost.
      resourceGroup: arm.resourceGroup,
      location,
      tenantId: tenantId?.toLowerCase() ?? null,
      kind,
      tags: tags ?? {},
      host: properties.primaryEndpoints?.file ?? null,
      directoryService: directoryService(identity?.directoryServiceOptions ?? 'None'),
      activeDirectory: identity?.activeDirectoryProperties ?? null,
      smbOAuthEnabled: identity?.smbOAuthSettings?.isSmbOAuthEnabled ?? false,
      defaultSharePermission: identity?.defaultSharePermission ?? null,
      createdAt: properties.creationTime,
      sharedKeyAllowed: properties.allowSharedKeyAccess ?? true,
      sharedKeyAllowedForFiles: properties.allowSharedKeyAccessForServices?.file?.enabled ?? null,
      privateEndpointConnections: properties.privateEndpointConnections,
    };
  });

/**
 * A storage account from the ARM object or its Resource Graph row: both have the members read here (domain facts 1.1, 1.3,
 * 1.6). Throws `WireMalformed`.
 */
export function parseStorageAccount(object: WireObject): StorageAccount {
  return parseWire('storage account', wireStorageAccount, object);
}
