import { z } from 'zod';
import type { SetAsideMessage } from '../../domain/remediation/set-aside.ts';
import { Instant, namedDocuments } from './common.ts';
import { isoTime } from './iso-time.ts';

/** A message that was set aside; never its body, which may hold anything. */
export const SetAsideDocument = z
  .object({
    queue: z.string().meta({ description: 'The queue whose dead letter it is, or rejected.' }),
    message: z.string().meta({ description: "The broker's number of it in its queue." }),
    at: Instant,
    source: z.string(),
    reason: z.string(),
    jobId: z.string().nullable(),
    accountId: z.string().nullable(),
  })
  .register(namedDocuments, { id: 'SetAsideMessage' });
export type SetAsideDocument = z.infer<typeof SetAsideDocument>;

export function setAsideDocument({
  queue,
  number,
  at,
  source,
  reason,
  jobId,
  accountId,
}: SetAsideMessage): SetAsideDocument {
  return { queue, message: number, at: isoTime(at), source, reason, jobId, accountId };
}
