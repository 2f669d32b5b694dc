import { createRequire } from 'node:module';
import type { Server } from 'node:http';

/** The part of Azurite's server classes that we hold on to. */
export interface AzuriteServer {
  readonly httpServer: Server;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Azurite's servers on 127.0.0.1, in memory, without telemetry (only its command line starts that). Port 0 picks a free one. */
export interface Azurite {
  createTableServer(port: number): AzuriteServer;
  createBlobServer(port: number): AzuriteServer;
}

type Constructor<Arguments extends readonly unknown[], Instance> = new (...parameters: Arguments) => Instance;
interface DefaultExport<T> {
  readonly default: T;
}
type ServerModule = DefaultExport<Constructor<[configuration: object], AzuriteServer>>;
type ConfigurationModule = DefaultExport<Constructor<readonly unknown[], object>>;
interface MemoryExtentStoreModule {
  readonly MemoryExtentChunkStore: Constructor<[sizeLimit: number | undefined], object>;
}

const HOST = '127.0.0.1';
const KEEP_ALIVE_SECONDS = 5;

/** Loads Azurite, which takes about a second, so it is done when a storage is started and not when this file is imported. */
export function loadAzurite(): Azurite {
  const require = createRequire(import.meta.url);
  const { default: TableServer } = require('azurite/dist/src/table/TableServer.js') as ServerModule;
  const { default: TableConfiguration } =
    require('azurite/dist/src/table/TableConfiguration.js') as ConfigurationModule;
  const { default: BlobServer } = require('azurite/dist/src/blob/BlobServer.js') as ServerModule;
  const { default: BlobConfiguration } = require('azurite/dist/src/blob/BlobConfiguration.js') as ConfigurationModule;
  const { MemoryExtentChunkStore } =
    require('azurite/dist/src/common/persistence/MemoryExtentStore.js') as MemoryExtentStoreModule;

  // Both constructors end with: loose, skipApiVersionCheck, cert, key, pwd, oauth, disableProductStyleUrl, inMemory.
  // The API version check is skipped because the SDKs are newer than Azurite's list.
  const common = [false, true, '', '', '', undefined, false, true] as const;
  return {
    createTableServer: (port) =>
      new TableServer(
        new TableConfiguration(
          HOST,
          port,
          KEEP_ALIVE_SECONDS,
          'unused.json',
          false,
          false,
          undefined,
          undefined,
          ...common,
        ),
      ),
    createBlobServer: (port) =>
      new BlobServer(
        new BlobConfiguration(
          HOST,
          port,
          KEEP_ALIVE_SECONDS,
          'unused.json',
          'unused-extents.json',
          [],
          false,
          undefined,
          false,
          undefined,
          ...common,
          // A chunk store of its own: the default one is shared by every server in the process.
          new MemoryExtentChunkStore(undefined),
        ),
      ),
  };
}
