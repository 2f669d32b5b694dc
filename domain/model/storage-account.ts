/**
 * A storage account as the rules see it. Ids keep the case of the source for display; `key` is the lower-cased id and
 * the only thing to compare.
 */
export interface StorageAccount {
  readonly id: string;
  /** The ARM id in lower case: the account's identity everywhere inside. */
  readonly key: string;
  readonly name: string;
  /** Lower case. */
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  /** Lower case, null where the row does not say. */
  readonly tenantId: string | null;
  /** As on the wire: `StorageV2`, `FileStorage`, … unknown values are kept. */
  readonly kind: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The host of `primaryEndpoints.file`, lower case, never built from the name; null without a file endpoint. */
  readonly host: string | null;
  /** `directoryServiceOptions`; an absent object, null and `None` are all `None`. Unknown values are kept as they came. */
  readonly directoryService: string;
  readonly activeDirectory: ActiveDirectoryProperties | null;
  readonly smbOAuthEnabled: boolean;
  /** As on the wire; null where not set. */
  readonly defaultSharePermission: string | null;
  /** Epoch milliseconds, UTC; null where the row does not say. */
  readonly createdAt: number | null;
  /** Whether requests signed with the account's key are let in: `allowSharedKeyAccess`; absent means true. */
  readonly sharedKeyAllowed: boolean;
  /** `allowSharedKeyAccessForServices.file.enabled`; null where not set. */
  readonly sharedKeyAllowedForFiles: boolean | null;
  /** Connections of private endpoints to the account; they do not say to which of its services. null: not said. */
  readonly privateEndpointConnections: readonly PrivateEndpointConnection[] | null;
}

export interface PrivateEndpointConnection {
  /** ARM id of the endpoint, lower case; it may be of another subscription or tenant. null where not said. */
  readonly endpointKey: string | null;
  /** `Approved`, `Pending`, `Rejected`, …; as on the wire, null where not said. */
  readonly status: string | null;
}

/** Property names as on the wire; absent and empty are both null. */
export interface ActiveDirectoryProperties {
  readonly domainName: string | null;
  readonly netBiosDomainName: string | null;
  readonly forestName: string | null;
  readonly domainGuid: string | null;
  readonly domainSid: string | null;
  readonly azureStorageSid: string | null;
  readonly samAccountName: string | null;
  readonly accountType: string | null;
}

/** Kinds that can hold SMB shares (domain facts 1.3). An unknown kind is neither yes nor no. */
export function holdsSmbShares(kind: string): 'yes' | 'no' | 'unknown' {
  switch (kind.toLowerCase()) {
    case 'storagev2':
    case 'filestorage':
    case 'storage':
      return 'yes';
    case 'blobstorage':
    case 'blockblobstorage':
      return 'no';
    default:
      return 'unknown';
  }
}
