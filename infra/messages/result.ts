import { z } from 'zod';
import type { ToldResult } from '../../domain/remediation/told-result.ts';
import { sha256 } from '../digest.ts';
import { cloudEvent, envelope, instant, Instant } from './cloud-event.ts';
import { parseMessage } from './malformed.ts';
import { parseEvent } from './parse-event.ts';

/** Broker property `subject`. */
export const resultSubject = 'remediation.completed';

const type = 'kerbwatch.remediation.completed.v1';

/** What may have become of a job. */
export const jobOutcomes = ['done', 'failed', 'refused', 'dry-run'] as const;

/** Message on `remediation-results` (contracts, Remediation job). A hint that a job ended; it never sets a state. */
export const ResultEvent = cloudEvent(
  type,
  z.object({
    jobId: z.string().min(1).describe('That of the job, as it came.'),
    outcome: z.enum(jobOutcomes),
    reason: z.string().nullable().describe('For a person; null where there is nothing to say. No secrets, no names.'),
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
    type,
    data: { ...result, at: instant(at) },
  });
}

/** @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function parseResultEvent(body: unknown): ResultEvent {
  return parseEvent(where, type, ResultEvent, body);
}

/** What a message says of a job. @param body parsed JSON, text or bytes. @throws MessageMalformed */
export function readResult(body: unknown): ToldResult {
  const { id, data } = parseResultEvent(body);
  // Whoever sends it chooses its id, which may be anything.
  return { jobId: data.jobId, outcome: data.outcome, event: sha256(id).slice(0, 24) };
}
