import type { ContainerClient } from '@azure/storage-blob';
import { storeError } from '../store-unreachable.ts';
import { keyPart } from '../tables/keys.ts';

/**
 * Removes every file of a run, those of its shards too; a run without any is no error.
 * @throws StoreUnreachable when the service does not answer.
 */
export async function removeRunFiles(container: ContainerClient, runId: string): Promise<void> {
  try {
    for await (const { name } of container.listBlobsFlat({ prefix: `${keyPart(runId)}/` })) {
      await container.getBlobClient(name).deleteIfExists();
    }
  } catch (error) {
    if (isMissing(error)) return;
    throw storeError(error, container.url, `blob container ${container.containerName}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
