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

/** A match that names something: an empty one in `scope.exclude` would switch the whole audit off without a word. */
export const narrowMatch = accountMatch.refine((match) => Object.values(match).some((given) => given !== undefined), {
  error: 'has to name a subscription, resourceGroup, name or tag; { "name": "*" } selects every account',
  when: ({ issues }) => issues.length === 0,
});
