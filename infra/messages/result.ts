import { z } from 'zod';
import { cloudEvent, envelope, instant, Instant } from './cloud-event.ts';
import { parseMessage } from './malformed.ts';

/** Message on `remediation-results` (contracts, Remediation job). A hint that a job ended; it never sets a state. */
export const ResultEvent = cloudEvent(
  'kerbwatch.remediation.completed.v1',
  z.object({
    jobId: z.string().min(1),
    outcome: z.enum(['done', 'failed', 'refused', 'dry-run']),
    reason: z.string().nullable(),
    at: Instant,
  }),
);
export type ResultEvent = z.infer<typeof ResultEvent>;

const where = 'remediation result';

export interface JobResult {
  readonly jobId: string;
  readonly outcome: ResultEvent['data']['outcome'];
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** @throws MessageMalformed */
export function resultEvent({ at, ...result }: JobResult, messageId: string, tenantId: string): ResultEvent {
  return parseMessage<ResultEvent>(where, ResultEvent, {
    ...envelope(messageId, tenantId, at),
    type: 'kerbwatch.remediation.completed.v1',
    data: { ...result, at: instant(at) },
  });
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseResultEvent(body: unknown): ResultEvent {
  return parseMessage(where, ResultEvent, body);
}
