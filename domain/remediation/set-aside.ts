import type { AuditWork } from '../audit/work.ts';

/**
 * Queues whose messages can end where nobody takes them any more: two whose dead letters hold what crashed five times or
 * expired, and the one for what was refused.
 */
export const setAsideQueues = ['remediation-jobs', 'audit-work', 'rejected'] as const;
export type SetAsideQueue = (typeof setAsideQueues)[number];

/** A message that was set aside, without its body: what was refused may hold anything. */
export interface SetAsideMessage {
  readonly queue: SetAsideQueue;
  /** The broker's own number of it in its queue. */
  readonly number: string;
  /** Why, for a person. */
  readonly reason: string;
  /** The queue, topic or trigger that it came from. */
  readonly source: string;
  /** When it came to where it is, epoch milliseconds; null where the broker does not say. */
  readonly at: number | null;
  /** The job that it is about; null for none. */
  readonly jobId: string | null;
  /** The account that it is about, an ARM id; null for none. */
  readonly accountId: string | null;
}

/** What a message that was set aside asks for, as far as it can be read. */
export type SetAsideContent =
  | { readonly kind: 'work'; readonly work: AuditWork }
  | { readonly kind: 'job'; readonly jobId: string }
  | { readonly kind: 'none'; readonly why: string };

/** What was set aside, to look at and to take back. */
export interface SetAside {
  /** Oldest first; nothing is taken. */
  list(queue: SetAsideQueue, most: number): Promise<readonly SetAsideMessage[]>;
  /**
   * Holds a message while `resend` has something sent in its place, and removes it only then; where `resend` throws it
   * stays.
   * @returns false where there is no such message
   */
  take(
    queue: SetAsideQueue,
    number: string,
    resend: (message: SetAsideMessage, content: SetAsideContent) => Promise<void>,
  ): Promise<boolean>;
}
