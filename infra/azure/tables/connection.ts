import type { TokenCredential } from '@azure/core-auth';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { ContainerClient } from '@azure/storage-blob';
import { connections } from '../../names.ts';
import { isLoopback } from '../loopback.ts';
import { openTable, type Table } from './table.ts';

export interface StorageConnection {
  table(name: string): Table;
  container(name: string): ContainerClient;
  /** Address of the table service. */
  tableService(): string;
}

export interface StorageConnectionOptions {
  /** Asked for only where the settings hold no connection string. */
  readonly credential: () => TokenCredential;
  /** Domain of `__accountName`; default that of the public cloud. */
  readonly endpointSuffix?: string;
  /** How often an unanswered request is repeated, after 0.2 s, 0.4 s and so on; default 3. The queue repeats the rest. */
  readonly retries?: number;
}

/** The app settings do not say where storage is. */
export class StorageSettingsInvalid extends Error {
  override readonly name = 'StorageSettingsInvalid';
}

const retryDelayInMs = 200;
const maxRetryDelayInMs = 2000;

/**
 * Storage as the app settings name it: `AzureWebJobsStorage` (a connection string), else
 * `AzureWebJobsStorage__tableServiceUri` and `__blobServiceUri`, else `AzureWebJobsStorage__accountName`.
 * @throws StorageSettingsInvalid when none is there, or for plain http to another machine.
 */
export function connectStorage(
  settings: Readonly<Record<string, string | undefined>>,
  { credential, endpointSuffix = 'core.windows.net', retries = 3 }: StorageConnectionOptions,
): StorageConnection {
  const tableOptions = {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: retries, retryDelayInMs, maxRetryDelayInMs },
  };
  const blobOptions = { retryOptions: { maxTries: retries + 1, retryDelayInMs, maxRetryDelayInMs } };
  const connectionString = settings[connections.storage];

  if (connectionString !== undefined && connectionString !== '') {
    return {
      table(name) {
        const client = TableClient.fromConnectionString(connectionString, name, tableOptions);
        checkOrigin(client.url);
        return openTable(client);
      },
      container(name) {
        const client = new ContainerClient(connectionString, name, blobOptions);
        checkOrigin(client.url);
        return client;
      },
      tableService: () => TableServiceClient.fromConnectionString(connectionString, tableOptions).url,
    };
  }

  return {
    table: (name) => openTable(new TableClient(serviceUri('table'), name, credential(), tableOptions)),
    container: (name) => new ContainerClient(`${serviceUri('blob')}/${name}`, credential(), blobOptions),
    tableService: () => serviceUri('table'),
  };

  function serviceUri(service: 'table' | 'blob'): string {
    const uri = settings[`${connections.storage}__${service}ServiceUri`];
    if (uri !== undefined && uri !== '') {
      checkOrigin(uri);
      return uri.replace(/\/+$/, '');
    }
    const account = settings[`${connections.storage}__accountName`];
    if (account !== undefined && account !== '') return `https://${account}.${service}.${endpointSuffix}`;
    throw new StorageSettingsInvalid(
      `No app setting says where ${service} storage is: set ${connections.storage} to a connection string, ` +
        `or ${connections.storage}__${service}ServiceUri to the service's address.`,
    );
  }
}

function checkOrigin(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))) return;
  throw new StorageSettingsInvalid(
    `${connections.storage} names ${url === null ? 'no valid address' : url.origin}: storage is reached over https, ` +
      'plain http only on this machine.',
  );
}
