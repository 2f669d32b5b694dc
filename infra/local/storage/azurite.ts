import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loadAzurite, type AzuriteServer } from './azurite-modules.ts';
import { DEV_ACCOUNT_KEY, DEV_ACCOUNT_NAME } from './dev-account.ts';

const HOST = '127.0.0.1';

export interface LocalStorageOptions {
  /** 0 or absent: a free port is picked. */
  readonly tablePort?: number;
  /** 0 or absent: a free port is picked. */
  readonly blobPort?: number;
}

/** Tables and blobs of the development account, in memory, for as long as this process lives. */
export interface LocalStorage {
  /** With the account in the path and no slash at the end, e.g. `http://127.0.0.1:10002/devstoreaccount1`. */
  readonly tableEndpoint: string;
  readonly blobEndpoint: string;
  /** The form of `AzureWebJobsStorage`; clients made from it need `allowInsecureConnection: true`. */
  readonly connectionString: string;
  /** Cuts every connection to the tables and refuses new ones; the data stays. Does nothing when they are stopped. */
  stopTables(): Promise<void>;
  /** Listens again on the same port, with the data as it was. Does nothing when they are running. */
  startTables(): Promise<void>;
  /** Ends both services; their data is gone. */
  stop(): Promise<void>;
}

export class StoragePortInUseError extends Error {
  override readonly name = 'StoragePortInUseError';
  readonly port: number;

  constructor(service: 'table' | 'blob', port: number, options: ErrorOptions) {
    super(
      `Local ${service} storage cannot listen on ${HOST}:${String(port)}: the port is in use. ` +
        'Stop the program that holds it, or choose another port.',
      options,
    );
    this.port = port;
  }
}

/**
 * Starts Azurite's table and blob services on the loopback address.
 * @throws StoragePortInUseError when a port that was asked for is taken
 */
export async function startLocalStorage(options: LocalStorageOptions = {}): Promise<LocalStorage> {
  const azurite = loadAzurite();
  const tables = azurite.createTableServer(options.tablePort ?? 0);
  const blobs = azurite.createBlobServer(options.blobPort ?? 0);
  await startServer(tables, 'table', options.tablePort ?? 0);
  try {
    await startServer(blobs, 'blob', options.blobPort ?? 0);
  } catch (error) {
    await tables.close();
    throw error;
  }

  const tablePort = portOf(tables);
  const tableEndpoint = endpoint(tablePort);
  const blobEndpoint = endpoint(portOf(blobs));
  return {
    tableEndpoint,
    blobEndpoint,
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${DEV_ACCOUNT_NAME}`,
      `AccountKey=${DEV_ACCOUNT_KEY}`,
      `BlobEndpoint=${blobEndpoint}`,
      `TableEndpoint=${tableEndpoint}`,
    ].join(';'),
    stopTables: () => stopListening(tables),
    startTables: () => startListening(tables, tablePort),
    async stop() {
      // Idle keep-alive connections would otherwise hold the process for their whole time-out.
      for (const server of [tables, blobs]) server.httpServer.closeAllConnections();
      // Tables that are away hold nothing but memory, and Azurite cannot close what does not listen.
      const open = [tables, blobs].filter(({ httpServer }) => httpServer.listening);
      await Promise.all(open.map((server) => server.close()));
    },
  };
}

async function startServer(server: AzuriteServer, service: 'table' | 'blob', port: number): Promise<void> {
  try {
    await server.start();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new StoragePortInUseError(service, port, { cause });
    }
    throw cause;
  }
}

function portOf(server: AzuriteServer): number {
  return (server.httpServer.address() as AddressInfo).port;
}

function endpoint(port: number): string {
  return `http://${HOST}:${String(port)}/${DEV_ACCOUNT_NAME}`;
}

// An outage is played on the listening socket and not with Azurite's close(), which empties its in-memory database.
async function stopListening({ httpServer }: AzuriteServer): Promise<void> {
  if (!httpServer.listening) return;
  const closed = once(httpServer, 'close');
  httpServer.close();
  httpServer.closeAllConnections();
  await closed;
}

async function startListening({ httpServer }: AzuriteServer, port: number): Promise<void> {
  if (httpServer.listening) return;
  httpServer.listen(port, HOST);
  await once(httpServer, 'listening');
}
