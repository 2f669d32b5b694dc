import { z } from 'zod';
import { named } from './named.ts';

const pattern = z.string().min(1, 'must not be empty; "*" matches everything').optional();

/** `match` of contracts.md, Settings: `domain/model/account-match.ts` says what it selects. */
export const accountMatch = named({
  subscription: pattern,
  resourceGroup: pattern,
  name: pattern,
  tag: z.record(z.string(), z.string()).optional(),
});
