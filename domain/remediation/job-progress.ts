/** What is known of the write of a job. Times are epoch milliseconds, UTC. */
export interface JobWrite {
  /** What was read right before, stored before the write: after a crash nobody else knows it. */
  readonly before: unknown;
  readonly intendedAt: number;
  /** When the service took it; null: it was to be sent, and nobody knows whether it was. */
  readonly takenAt: number | null;
  /** The answer's body, which names an object that was made; null where there was none, or nobody saw it. */
  readonly answer: unknown;
  /** What was read when it was in effect; null until then. */
  readonly after: unknown;
}

/** How far a job has come; kept in its row, so that whoever takes it up again goes on and writes nothing twice. */
export interface JobProgress {
  /** Until then whoever claimed the job is at work, and nobody else begins; null: nobody is. */
  readonly claimedUntil: number | null;
  /** Times that it was put off because something failed in passing. */
  readonly tries: number;
  /** Looks since the write that still showed the value before. */
  readonly looks: number;
  /** When the next of these looks is due; null: none is. */
  readonly verifyAfter: number | null;
  readonly write: JobWrite | null;
  /** When its message comes again that was put off last; null or absent: none was. */
  readonly comesBackAt?: number | null | undefined;
}

export const notBegun: JobProgress = { claimedUntil: null, tries: 0, looks: 0, verifyAfter: null, write: null };

/**
 * For how long a claim holds: as long as a function may run. Whoever wrote and crashed is found out by a read; whoever may
 * still be about to write is waited for.
 */
export const claimMs = 10 * 60_000;
