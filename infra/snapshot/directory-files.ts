import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decodeLines } from './decode-lines.ts';
import type { SnapshotFiles } from './snapshot-files.ts';

/** A snapshot's files in a directory, which is made when something is first written. */
export function openDirectoryFiles(directory: string): SnapshotFiles {
  const pathOf = (name: string) => join(directory, name);
  return {
    where: directory,
    list: () => nullIfMissing(readdir(directory)),
    async readText(name) {
      const found = await nullIfMissing(stat(pathOf(name)));
      return found === null ? null : decodeLines(name, createFileChunks(pathOf(name)));
    },
    async write(name, lines) {
      await mkdir(directory, { recursive: true });
      await pipeline(Readable.from(ended(lines)), createWriteStream(pathOf(name)));
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

/** Opens the file only when somebody asks for its first chunk, so that lines nobody reads leave nothing open. */
async function* createFileChunks(path: string): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}

async function* ended(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string, void> {
  for await (const line of lines) yield `${line}\n`;
}

async function nullIfMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
