import { z } from 'zod';
import { hasToBe, named } from './named.ts';

/** `waivers`: what it takes to accept a fault for a time. */
export const waivers = named({
  requireApproval: z.boolean(hasToBe('true or false')).default(false).meta({
    description: 'Whether a waiver holds only once another person than the one who asked for it has approved it.',
  }),
  warnDays: z
    .int(hasToBe('a whole number of days'))
    .min(1, 'has to be 1 or more')
    .max(90, 'has to be 90 or less')
    .default(15)
    .meta({
      description:
        'Days before the end of a waiver at which that is announced; once half its time is over for a shorter one.',
    }),
});
