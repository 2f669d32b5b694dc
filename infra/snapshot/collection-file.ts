import { type CollectionName, collectionNames } from '../../domain/model/collection.ts';
import { nearest } from '../nearest.ts';
import { SnapshotMalformed } from './snapshot-malformed.ts';

const extension = '.ndjson';

const known = new Set<string>(collectionNames.map(collectionFile));

/** The file that holds a collection. */
export function collectionFile(name: CollectionName): string {
  return `${name}${extension}`;
}

/**
 * Refuses files that look like a collection and are none: a mistyped name, or a collection under another extension, would
 * otherwise count as not read. Files of other kinds, hidden ones, and what lies in a folder below are left alone. Throws
 * `SnapshotMalformed`.
 */
export function checkFileNames(names: readonly string[]): void {
  for (const name of names) {
    if (known.has(name) || name.startsWith('.') || name.includes('/') || !looksLikeCollection(name)) continue;
    const meant = nearest(stem(name), collectionNames);
    const hint =
      meant === null
        ? `rename it, or use one of ${collectionNames.join(', ')}`
        : `the nearest name is ${meant}${extension}`;
    throw new SnapshotMalformed(name, `is no collection of a snapshot; ${hint}`);
  }
}

function looksLikeCollection(name: string): boolean {
  return name.toLowerCase().endsWith(extension) || known.has(stem(name).toLowerCase() + extension);
}

function stem(name: string): string {
  return name.split('.')[0] ?? name;
}
