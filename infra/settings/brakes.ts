import { z } from 'zod';
import { hasToBe, listOf, named } from './named.ts';

/** As many writes as an hour's count is kept for. */
const mostWrites = 500;

function limit(most: number, preset: number, description: string) {
  return z
    .int(hasToBe('a whole number'))
    .min(1, 'has to be 1 or more')
    .max(most, `has to be ${String(most)} or less`)
    .default(preset)
    .meta({ description });
}

const timeOfDay = z
  .string(hasToBe('a time of day, such as 22:30'))
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'has to be a time of day, such as 22:30');

const quietHours = named({
  from: timeOfDay.meta({ description: 'UTC, such as `07:00`.' }),
  to: timeOfDay.meta({ description: 'UTC, not included; earlier than `from` where it is over midnight.' }),
}).refine(({ from, to }) => from !== to, 'from and to are the same; for all day switch killSwitch on');

const objectId = z.guid(hasToBe('an object id, such as 00000000-0000-0000-0000-000000000000'));

/** `brakes`: what keeps remediation from making things worse. */
export const brakes = named({
  killSwitch: z
    .boolean(hasToBe('true or false'))
    .default(false)
    .meta({ description: 'True: nothing is written, whatever else is set and whoever approved it.' }),
  writesPerHourPerAction: limit(mostWrites, 20, 'As many writes as one action may make within an hour.'),
  writesPerHour: limit(mostWrites, 50, 'As many writes as all actions together may make within an hour.'),
  stopAfterFailures: limit(100, 3, 'After so many failed jobs in a row an action stops until a person releases it.'),
  quietHours: listOf(quietHours).default([]).meta({
    default: [],
    description: 'Parts of the day in which nothing is written; jobs wait for their end.',
  }),
  approvalHours: limit(720, 24, 'Hours for which an approval holds; never longer than its job.'),
  requesters: listOf(objectId).default([]).meta({
    default: [],
    description:
      'Object ids of the people who switched actions on: none of them can approve a job. While it is empty, nobody can approve a job that the audit planned.',
  }),
});

/** Minutes from midnight. @param time `HH:MM` */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
