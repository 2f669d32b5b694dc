import { z } from 'zod';
import { foldedId } from './fields.ts';

/** Ids of the expanded `owners` of an application or a principal; absent and null are null, which is not the empty list. */
export const ownerIds = z
  .array(z.object({ id: foldedId }).transform(({ id }) => id))
  .nullish()
  .transform((ids) => ids ?? null);
