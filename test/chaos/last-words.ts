import type { IncomingMessage, ServerResponse } from 'node:http';

import type { AzuriteServer } from '../../infra/local/storage/azurite-modules.ts';

/** The database that Azurite keeps what it knows in; it lies in memory, and is written to disk now and then. */
interface Database {
  saveDatabase(done: (error?: Error | null) => void): void;
}

interface Store {
  readonly db: Database;
}

/**
 * Lets a server be killed without losing what it has acknowledged, as Azure Storage never does; Azurite by itself writes to
 * disk every five seconds. Calling the result silences the server, so that nothing is acknowledged from then on, and writes
 * to disk all that was until then. What was under way has taken effect or has not, and nobody is told which.
 */
export function silenceable(server: AzuriteServer): () => Promise<void> {
  let silent = false;
  server.httpServer.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    const write = response.write.bind(response) as (...parts: unknown[]) => boolean;
    const end = response.end.bind(response) as (...parts: unknown[]) => ServerResponse;
    response.write = (...parts: unknown[]) => (silent ? true : write(...parts));
    response.end = (...parts: unknown[]) => (silent ? response : end(...parts));
  });
  return async () => {
    silent = true;
    await Promise.all(databasesOf(server).map(save));
  };
}

function databasesOf(server: AzuriteServer): readonly Database[] {
  const { metadataStore, extentMetadataStore } = server as AzuriteServer & {
    readonly metadataStore: Store;
    readonly extentMetadataStore?: Store;
  };
  return [metadataStore.db, ...(extentMetadataStore === undefined ? [] : [extentMetadataStore.db])];
}

function save(database: Database): Promise<void> {
  return new Promise((done, fail) => {
    database.saveDatabase((error) => {
      if (error instanceof Error) fail(error);
      else done();
    });
  });
}
