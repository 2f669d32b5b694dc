/** The process that is killed: Azurite with its data on disk. */
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';

import { type AzuriteServer, loadAzurite } from '../../infra/local/storage/azurite-modules.ts';
import { silenceable } from './last-words.ts';
import type { FromStorage, ToStorage } from './storage-messages.ts';

let silence: readonly (() => Promise<void>)[] = [];

process.on('message', (message: ToStorage) => {
  void (message.kind === 'start' ? start(message) : fallSilent());
});
// Nobody is left to kill this process, so it does not stay behind.
process.on('disconnect', () => process.exit());

async function start({ location, tablePort, blobPort }: ToStorage & { kind: 'start' }): Promise<void> {
  await mkdir(location, { recursive: true });
  const azurite = loadAzurite();
  const tables = azurite.createTableServer(tablePort, location);
  const blobs = azurite.createBlobServer(blobPort, location);
  silence = [tables, blobs].map(silenceable);
  await Promise.all([tables.start(), blobs.start()]);
  tell({ kind: 'ready', tablePort: portOf(tables), blobPort: portOf(blobs) });
}

async function fallSilent(): Promise<void> {
  await Promise.all(silence.map((one) => one()));
  tell({ kind: 'silent' });
}

function portOf({ httpServer }: AzuriteServer): number {
  return (httpServer.address() as AddressInfo).port;
}

function tell(message: FromStorage): void {
  process.send?.(message);
}
