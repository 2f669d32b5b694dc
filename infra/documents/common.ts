import { z } from 'zod';
import { severities } from '../../domain/model/verdict.ts';

/** The schemas of documents that have a name of their own; a document that holds another one refers to it. */
export const namedDocuments = z.registry<{ id: string }>();

/** As `isoTime` gives it. */
export const Instant = z.iso.datetime().nullable();

/** A word of a list that a later version may add to: what is not known is kept, and never harmless. */
export function openWord(words: readonly string[]) {
  return z.string().meta({ description: `One of ${words.join(', ')}; a later version may have others.` });
}

export const Severity = openWord(severities);

/** Who did something: an object id, never a name or an address. */
export const ActorDocument = z
  .object({ kind: openWord(['user', 'application', 'system', 'unknown']), objectId: z.string().nullable() })
  .register(namedDocuments, { id: 'Actor' });

/** What could not be read, why, and the permission that would mend it. */
export const GapDocument = z
  .object({ collection: z.string(), scope: z.string(), reason: z.string(), needs: z.string().nullable() })
  .register(namedDocuments, { id: 'Gap' });
