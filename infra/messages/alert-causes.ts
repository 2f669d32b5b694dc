import { z } from 'zod';
import type { CauseEvents } from '../../domain/findings/finding.ts';

/**
 * What an alert's message carries beside its body, of the events behind it: only for measuring how long the alert took,
 * so channels are not told. Times are epoch milliseconds.
 */
const AlertCauses = z.object({ changedAt: z.number(), receivedAt: z.number(), dueAt: z.number() });
export type AlertCauses = z.infer<typeof AlertCauses>;

export function alertCauses({ changedAt, receivedAt, dueAt }: CauseEvents): AlertCauses {
  return { changedAt, receivedAt, dueAt };
}

/** @param properties application properties as the trigger gives them. @returns null for an alert without an event. */
export function parseAlertCauses(properties: unknown): AlertCauses | null {
  const parsed = AlertCauses.safeParse(properties);
  return parsed.success ? parsed.data : null;
}
