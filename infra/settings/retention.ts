import { z } from 'zod';
import { hasToBe, named } from './named.ts';

/** A hundred years: what should be kept for good. */
const mostDays = 36_500;

/** `retention`: for how long what is stored is kept. What is older is removed by the sweep, a portion each time. */
export const retention = named({
  historyDays: days(
    400,
    'History: transitions of findings, changes of facts, and who made them; remediation jobs, once settled. Transitions of an open finding stay.',
  ),
  runsDays: days(90, 'Audit runs and their files, by their start. The last finished one stays.'),
  inboxDays: days(30, 'Which events and alerts were dealt with, so that none counts twice.', 2),
  resolvedFindingsDays: days(400, 'Findings that are resolved or gone, from their last change.'),
});

/** Events are sent again for a day (domain facts 6.3): what is forgotten sooner would count twice. */
function days(kept: number, what: string, least = 1) {
  return z
    .number(hasToBe('a number of days'))
    .int('has to be whole')
    .min(least, `has to be ${String(least)} or more`)
    .max(mostDays, `has to be ${String(mostDays)} or less`)
    .default(kept)
    .meta({ description: `Days. ${what}` });
}

/** `privacy`: what may be kept of people beside their object ids. */
export const privacy = named({
  userPrincipalName: z
    .boolean(hasToBe('true or false'))
    .default(false)
    .meta({ description: '`true` keeps the user principal name of who changed something; else only the object id.' }),
});
