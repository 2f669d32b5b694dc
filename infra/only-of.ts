import type { CollectionName } from '../domain/model/collection.ts';
import { notRead } from '../domain/model/not-read.ts';
import type { EstateSource } from './estate-source.ts';

/** The source, from which nothing but the collections of these names is read; the others are not-read. */
export function onlyOf(source: EstateSource, names: ReadonlySet<CollectionName>): EstateSource {
  return {
    ...source,
    read: async (name) => (names.has(name) ? source.read(name) : notRead(name)),
  };
}
