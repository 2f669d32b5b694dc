import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The part of Azurite's server classes that we hold on to. */
export interface AzuriteServer {
  readonly httpServer: Server;
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Azurite's servers on 127.0.0.1, without telemetry (only its command line starts that). Port 0 picks a free one. With a
 * directory they keep their data there, without one in memory.
 */
export interface Azurite {
  createTableServer(port: number, directory?: string): AzuriteServer;
  createBlobServer(port: number, directory?: string): AzuriteServer;
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
  const common = [false, true, '', '', '', undefined, false] as const;
  return {
    createTableServer: (port, directory) =>
      new TableServer(
        new TableConfiguration(
          HOST,
          port,
          KEEP_ALIVE_SECONDS,
          fileIn(directory, 'tables.json'),
          false,
          false,
          undefined,
          undefined,
          ...common,
          directory === undefined,
        ),
      ),
    createBlobServer: (port, directory) =>
      new BlobServer(
        new BlobConfiguration(
          HOST,
          port,
          KEEP_ALIVE_SECONDS,
          fileIn(directory, 'blobs.json'),
          fileIn(directory, 'extents.json'),
          directory === undefined
            ? []
            : [{ locationId: 'Default', locationPath: join(directory, 'extents'), maxConcurrency: 50 }],
          false,
          undefined,
          false,
          undefined,
          ...common,
          directory === undefined,
          // A chunk store of its own: the default one is shared by every server in the process.
          new MemoryExtentChunkStore(undefined),
        ),
      ),
  };
}

/** In memory nothing is written, and the name of a file is asked for all the same. */
function fileIn(directory: string | undefined, name: string): string {
  return directory === undefined ? `unused-${name}` : join(directory, name);
}
