import type { Actor } from '../../domain/findings/finding.ts';
import type { Problem } from './problem.ts';

/** Who calls, as a validated token says. */
export interface Caller {
  /** The token's object id. */
  readonly actor: Actor;
  /** App roles, as the token spells them. */
  readonly roles: readonly string[];
}

/**
 * Who sent these headers, at this time (epoch milliseconds), or why the request is refused. Without a way to know, it is
 * refused.
 */
export type CallerCheck = (
  headers: Headers,
  at: number,
) => Promise<{ readonly caller: Caller } | { readonly problem: Problem }>;

/** Whether one more request of this caller is served now (epoch milliseconds). */
export type RateLimit = (
  key: string,
  at: number,
) => { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };
