import { z } from 'zod';

/** Who did something: an object id, never a name or an address. */
export const Actor = z.object({
  kind: z.enum(['user', 'application', 'system', 'unknown']),
  objectId: z.string().nullable(),
});
