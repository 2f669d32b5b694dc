import type { FreshFacts } from '../domain/audit/ports.ts';
import type { CollectionName } from '../domain/model/collection.ts';
import { notRead } from '../domain/model/not-read.ts';
import { coalesce } from './coalesce.ts';
import type { EstateSource } from './estate-source.ts';
import { readSharedFacts, readStorageAccount } from './facts.ts';
import { onlyOf } from './only-of.ts';
import { readServicesOf } from './services-of-accounts.ts';
import { parseFileService } from './wire/file-service.ts';
import { parseCollection } from './wire/parse-collection.ts';

/**
 * Reads made for one account; those asked for at the same time share one reading of what all accounts share.
 * @param estate gives a source that has read nothing yet.
 * @param wanted what is read; the rest is not-read.
 */
export function createFreshFacts(estate: () => EstateSource, wanted: ReadonlySet<CollectionName>): FreshFacts {
  return {
    async account(accountId) {
      const source = estate();
      const reading = await readStorageAccount(source, accountId);
      if (reading.state !== 'found') return reading;
      if (!wanted.has('file-services')) return { ...reading, fileServices: notRead('file-services') };
      const services = await readServicesOf([reading.account], source);
      return { ...reading, fileServices: parseCollection('file-services', services, parseFileService) };
    },
    shared: coalesce(() => readSharedFacts(onlyOf(estate(), wanted))),
  };
}
