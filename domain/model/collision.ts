import type { Json } from './verdict.ts';

/** A write of the remediator that somebody else's write met. Times are epoch milliseconds, UTC. */
export interface Collision {
  readonly jobId: string;
  readonly attempt: number;
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string };
  /** By JSON pointer, where they differ: as it was to be, and as it was found. */
  readonly wanted: Readonly<Record<string, Json>>;
  readonly found: Readonly<Record<string, Json>>;
  readonly at: number;
  /** A person has looked at it and released the action. */
  readonly cleared: boolean;
}
