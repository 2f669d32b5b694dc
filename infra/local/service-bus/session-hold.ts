import type { Deadline } from './deadlines.ts';

/** One receiver's exclusive hold on a session. It ends by release or by expiry, once. */
export interface SessionHold {
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  until: number;
  expiry: Deadline | undefined;
  /** Called when the hold expires; not when its owner releases it. */
  onLost: (() => void) | undefined;
}
