import { z } from 'zod';
import type { AccountMatch } from '../../domain/model/settings.ts';
import { hasToBe, named } from './named.ts';

const text = z.string(hasToBe('a text; "*" stands for anything'));
const pattern = text.min(1, 'must not be empty; "*" matches everything').optional();

const subscriptionPattern = /^(?:[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}|[\dA-Fa-f*-]*\*[\dA-Fa-f*-]*)$/u;

/** A subscription is told by its id alone: a name, or letters that no id has, would match nothing without a word. */
const subscription = z
  .string(hasToBe('the id of a subscription; "*" stands for anything'))
  .regex(
    subscriptionPattern,
    'has to be the id of a subscription, such as 00000000-0000-0000-0000-000000000000, or part of one with "*" for the rest; its name selects nothing',
  )
  .optional();

/** `match` of contracts.md, Settings: `domain/model/account-match.ts` says what it selects. */
export const accountMatch = named({
  subscription: subscription.meta({ description: 'Id of the subscription, never its name.' }),
  resourceGroup: pattern.meta({ description: 'Name of the resource group.' }),
  name: pattern.meta({ description: 'Name of the storage account.' }),
  tag: z
    .record(z.string(), text, hasToBe('an object: { "NAME": "VALUE" }'))
    .optional()
    .meta({ description: 'Tags by name, with the value that each must have.' }),
}).meta({ description: 'Which accounts: all that is given must hold, case ignored, `*` is a wildcard.' });

/** A match that names something: an empty one in `scope.exclude` would switch the whole audit off without a word. */
export const narrowMatch = accountMatch
  .refine((match) => !isEmptyMatch(match), {
    error: 'has to name a subscription, resourceGroup, name or tag; { "name": "*" } selects every account',
    when: ({ issues }) => issues.length === 0,
  })
  .meta({
    description: 'Which accounts: all that is given must hold, and something must be; case ignored, `*` is a wildcard.',
    minProperties: 1,
  });

/** Whether nothing is given, so that every account matches. */
export function isEmptyMatch({ tag, ...rest }: AccountMatch): boolean {
  return Object.values(rest).every((given) => given === undefined) && Object.keys(tag ?? {}).length === 0;
}
