import { z } from 'zod';
import { type CauseEvents, changedAtKinds, planes } from '../../domain/findings/finding.ts';

/**
 * What an alert's message carries beside its body, of what is behind it: only for measuring how long the alert took,
 * so channels are not told. Times are epoch milliseconds.
 */
const AlertCauses = z.object({
  plane: z.enum(planes).default('storage'),
  changedAt: z.number(),
  changedAtIs: z.enum(changedAtKinds).default('known'),
  receivedAt: z.number(),
  dueAt: z.number(),
});
export type AlertCauses = z.infer<typeof AlertCauses>;

export function alertCauses({ plane, changedAt, changedAtIs, receivedAt, dueAt }: CauseEvents): AlertCauses {
  return { plane: plane ?? 'storage', changedAt, changedAtIs: changedAtIs ?? 'known', receivedAt, dueAt };
}

/** @param properties application properties as the trigger gives them. @returns null for an alert that neither an event nor the watch led to. */
export function parseAlertCauses(properties: unknown): AlertCauses | null {
  const parsed = AlertCauses.safeParse(properties);
  return parsed.success ? parsed.data : null;
}
