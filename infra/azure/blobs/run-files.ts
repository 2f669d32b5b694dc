import { Readable } from 'node:stream';
import type { ContainerClient } from '@azure/storage-blob';
import { decodeLines } from '../../snapshot/decode-lines.ts';
import type { SnapshotFiles } from '../../snapshot/snapshot-files.ts';
import { storeError } from '../store-unreachable.ts';
import { keyPart } from '../tables/keys.ts';

const blockBytes = 4 * 1024 * 1024;
const blocksInFlight = 2;

/**
 * The snapshot files of one place of a container, as blobs under `place`: a run's id, or a run's id, `/` and a part of it. A file appears whole when its writing ends, or not at all.
 * Every member throws `StoreUnreachable` when the service does not answer.
 */
export function openRunFiles(container: ContainerClient, place: string): SnapshotFiles {
  const prefix = place
    .split('/')
    .map((part) => `${keyPart(part)}/`)
    .join('');

  async function reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw storeError(error, container.url, `blob container ${container.containerName}`);
    }
  }

  return {
    where: `${container.url}/${prefix}`,
    list: () =>
      reach(async () => {
        const names: string[] = [];
        try {
          for await (const { kind, name } of container.listBlobsByHierarchy('/', { prefix })) {
            if (kind === 'blob') names.push(name.slice(prefix.length));
          }
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
        return names.length === 0 ? null : names;
      }),
    readText: (name) =>
      reach(async () => {
        try {
          const { readableStreamBody } = await container.getBlobClient(prefix + name).download();
          return decodeLines(name, (readableStreamBody ?? Readable.from([])) as AsyncIterable<Uint8Array>);
        } catch (error) {
          if (isMissing(error)) return null;
          throw error;
        }
      }),
    async write(name, lines) {
      await reach(() => container.createIfNotExists());
      const blob = container.getBlockBlobClient(prefix + name);
      await reach(() =>
        blob.uploadStream(Readable.from(encoded(lines)), blockBytes, blocksInFlight, {
          blobHTTPHeaders: { blobContentType: name.endsWith('.ndjson') ? 'application/x-ndjson' : 'application/json' },
        }),
      );
    },
    remove: (name) =>
      reach(async () => {
        try {
          await container.getBlobClient(prefix + name).delete();
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      }),
  };
}

async function* encoded(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${line}\n`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
