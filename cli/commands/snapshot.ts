import { mkdir, readdir } from 'node:fs/promises';
import { type CollectionName, collectionNames } from '../../domain/model/collection.ts';
import type { EstateSource } from '../../infra/estate-source.ts';
import { collectionFile } from '../../infra/snapshot/collection-file.ts';
import { openDirectoryFiles } from '../../infra/snapshot/directory-files.ts';
import type { SnapshotManifest } from '../../infra/snapshot/manifest.ts';
import { writeSnapshot } from '../../infra/snapshot/write-snapshot.ts';
import { abortable } from '../abortable.ts';
import { snapshotCollections } from '../collections.ts';
import { exitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { openLive, readTogether } from '../open-source.ts';
import { startProgress } from '../progress.ts';
import { gapLine } from '../report/gap-line.ts';
import { sayingWhere } from '../write-whole.ts';

export interface SnapshotOptions {
  /** The directory to write to, made where it is not there. */
  readonly out: string;
  readonly settings?: string | undefined;
}

/** Writes what an audit of live Azure would read, each object as it came. @returns the exit code */
export async function snapshot({ out, settings }: SnapshotOptions, io: Io): Promise<number> {
  await sayingWhere(out, () => mkdir(out, { recursive: true }));
  const manifest = await capture(out, settings, io);
  for (const gap of manifest.gaps) io.stderr.write(`${gapLine(gap)}\n`);
  const others = await otherCollections(out);
  if (others.length > 0) io.stderr.write(`Left as they were, from another time: ${others.join(', ')}.\n`);
  io.stderr.write(`The snapshot is in ${out}.\n`);
  return manifest.gaps.length > 0 ? exitCode.incomplete : exitCode.clean;
}

/** All is read before the first file is touched: a refused sign-in or Ctrl-C leaves an earlier snapshot as it was. */
async function capture(out: string, settingsFile: string | undefined, io: Io): Promise<SnapshotManifest> {
  const capturedAt = io.now();
  const progress = startProgress(io, () => 'Reading Azure');
  try {
    const { source } = await abortable(openLive(io, settingsFile, progress.say), io.signal);
    await abortable(readTogether(source, snapshotCollections), io.signal);
    return await sayingWhere(out, () =>
      writeSnapshot(openDirectoryFiles(out), untilAborted(source, io.signal), snapshotCollections, capturedAt),
    );
  } finally {
    progress.stop();
  }
}

/** The manifest comes last, so that a snapshot stopped between two files is none. */
function untilAborted(source: EstateSource, signal: AbortSignal): EstateSource {
  return {
    ...source,
    read: async (collection: CollectionName) => {
      signal.throwIfAborted();
      return source.read(collection);
    },
  };
}

async function otherCollections(directory: string): Promise<readonly string[]> {
  const present = new Set(await readdir(directory));
  return collectionNames
    .filter((name) => !snapshotCollections.includes(name))
    .map(collectionFile)
    .filter((file) => present.has(file));
}
