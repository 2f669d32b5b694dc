import type { RateLimit } from '../caller.ts';

export interface RateLimitTerms {
  /** How many requests may come at once. */
  readonly burst: number;
  /** How many follow each second. */
  readonly perSecond: number;
  /** How many keys are remembered; whoever was not heard of for longest is forgotten first, and so starts anew. */
  readonly keysAtMost?: number;
}

/** What one caller of the API may do. */
export const requestsOfOneCaller = { burst: 60, perSecond: 10 } as const satisfies RateLimitTerms;

/** How often one address may come without a valid token. */
export const refusalsOfOneAddress = { burst: 20, perSecond: 1 } as const satisfies RateLimitTerms;

interface Bucket {
  readonly tokens: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A token bucket for each key, in this process: several instances of the app each grant as much. */
export function createRateLimit({ burst, perSecond, keysAtMost = 10_000 }: RateLimitTerms): RateLimit {
  const buckets = new Map<string, Bucket>();
  return (key, at) => {
    const bucket = buckets.get(key) ?? { tokens: burst, at };
    // A clock that was set back takes nothing away.
    const seconds = Math.max(0, at - bucket.at) / 1000;
    const tokens = Math.min(burst, bucket.tokens + seconds * perSecond);
    const allowed = tokens >= 1;
    // Last in, so that the first is the one that was not heard of for longest.
    buckets.delete(key);
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
    if (buckets.size > keysAtMost) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    return allowed ? { allowed } : { allowed, retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / perSecond)) };
  };
}
