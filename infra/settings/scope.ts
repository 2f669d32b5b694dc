import { z } from 'zod';
import type { Settings } from '../../domain/model/settings.ts';
import { fitsPattern } from '../../domain/model/wildcard.ts';
import { narrowMatch } from './account-match.ts';
import { hasToBe, listOf, named } from './named.ts';

const managementGroup = z
  .string(hasToBe('the id of a management group'))
  .regex(/\S/u, 'has to be the id of a management group');

const subscription = z.guid(hasToBe('the id of a subscription, such as 00000000-0000-0000-0000-000000000000'));

/** `scope`: what is read, and what of it is left alone. */
export const scope = named({
  managementGroups: listOf(managementGroup).default([]).meta({
    default: [],
    description:
      'Ids of management groups: the subscriptions below them are read, with those of `subscriptions`. Both empty: all that the caller sees. `KERBWATCH_MANAGEMENT_GROUPS` and `KERBWATCH_SUBSCRIPTIONS` win over both.',
  }),
  subscriptions: listOf(subscription).default([]).meta({
    default: [],
    description: 'Ids of subscriptions to read.',
  }),
  exclude: listOf(narrowMatch).default([]).meta({
    default: [],
    description: 'Accounts to leave out; one match is enough.',
  }),
}).superRefine((given, context) => {
  for (const { path, message } of leftOutAgain(given)) context.addIssue({ code: 'custom', path, message });
});

/** Subscriptions that are named to be read and whose accounts are all left out again. */
function leftOutAgain({ subscriptions, exclude }: Settings['scope']) {
  return subscriptions.flatMap((id, index) => {
    const at = exclude.findIndex(
      ({ subscription: pattern, ...rest }) =>
        pattern !== undefined && fitsPattern(pattern, id) && Object.values(rest).every((given) => given === undefined),
    );
    const message = `scope.exclude[${at}] leaves out all of this subscription; take it out of one of the two`;
    return at === -1 ? [] : [{ path: ['subscriptions', index], message }];
  });
}
