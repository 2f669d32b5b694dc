import type { ActiveDirectoryProperties, StorageAccount } from '../model/storage-account.ts';
import type { Resources } from '../rules/resources.ts';
import { fileServicePrefix, kindProperty } from './fact-names.ts';
import { type FactValues, folded, listFact, type SeenFacts } from './fact-values.ts';

const identity = 'azureFilesIdentityBasedAuthentication';
const smb = `${fileServicePrefix}protocolSettings.smb`;

/**
 * The watched facts of the account itself, named by their path below `properties` on the wire (domain facts 1.1, 1.4), so
 * that a row of `resourcechanges` names the same thing.
 */
export function accountFacts(account: StorageAccount): SeenFacts {
  const connections = account.privateEndpointConnections;
  return {
    values: {
      [kindProperty]: folded(account.kind),
      [`${identity}.directoryServiceOptions`]: account.directoryService,
      ...activeDirectoryFacts(account.activeDirectory),
      [`${identity}.defaultSharePermission`]: account.defaultSharePermission,
      [`${identity}.smbOAuthSettings.isSmbOAuthEnabled`]: account.smbOAuthEnabled,
      allowSharedKeyAccess: account.sharedKeyAllowed,
      'allowSharedKeyAccessForServices.file.enabled': account.sharedKeyAllowedForFiles,
      ...(connections === null
        ? {}
        : {
            privateEndpointConnections: listFact(
              connections.map(({ endpointKey, status }) => `${endpointKey ?? '-'} ${folded(status) ?? '-'}`),
            ),
          }),
    },
    unread: connections === null ? ['privateEndpointConnections'] : [],
  };
}

/** Names, SIDs and GUIDs of a domain compare without case. */
function activeDirectoryFacts(properties: ActiveDirectoryProperties | null): FactValues {
  const names = [
    'domainName',
    'netBiosDomainName',
    'forestName',
    'domainGuid',
    'domainSid',
    'azureStorageSid',
    'samAccountName',
    'accountType',
  ] as const satisfies readonly (keyof ActiveDirectoryProperties)[];
  return Object.fromEntries(
    names.map((name) => [`${identity}.activeDirectoryProperties.${name}`, folded(properties?.[name] ?? null)]),
  );
}

/** The SMB settings of the file service. It is read for Entra Kerberos accounts only; for any other it is unread. */
export function fileServiceFacts(account: StorageAccount, resources: Resources): SeenFacts {
  const { service } = resources.fileServiceOf(account);
  if (service === null) return { values: {}, unread: [`${fileServicePrefix}*`] };
  const { authenticationMethods, kerberosTicketEncryption } = service;
  return {
    values: {
      [`${smb}.authenticationMethods`]: wordsFact(authenticationMethods),
      [`${smb}.kerberosTicketEncryption`]: wordsFact(kerberosTicketEncryption),
    },
    unread: [],
  };
}

function wordsFact(words: readonly string[] | null): readonly string[] | null {
  return words === null ? null : listFact(words);
}
