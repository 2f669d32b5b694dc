import type { ApiKind } from './caller.ts';
import type { CollectionName } from '../../../domain/model/collection.ts';

/** What a caller may be forbidden to read: a collection, the security attributes of what is in one, or the audit records. */
export type Readable = CollectionName | 'custom-security-attributes' | 'directory-audits';

/** What a fault may be aimed at. `path` is as it came, with `/v1.0` for Graph. */
export interface FaultTarget {
  readonly kind: ApiKind;
  readonly method: string;
  readonly path: string;
}

export interface Fault {
  readonly status: 429 | 503;
  /** Null: the answer carries no Retry-After. */
  readonly retryAfterSeconds: number | null;
}

/** Trouble on request, switched on and off while the server runs. */
export interface FaultPlan {
  /** Waited before every answer. */
  latencyMilliseconds: number;
  /** Answers the next `count` matching requests with 429; Conditional Access sends no Retry-After. */
  throttle(count: number, matches: (target: FaultTarget) => boolean, retryAfterSeconds?: number): void;
  /** Answers the next `count` matching requests with 503. */
  unavailable(count: number, matches: (target: FaultTarget) => boolean): void;
  /** Takes away the right to read. */
  forbid(readable: Readable): void;
  /** Gives it back. */
  allow(readable: Readable): void;
  isForbidden(readable: Readable): boolean;
  /** Ends every fault. */
  clear(): void;
  /** The fault for this request, used up by asking. */
  next(target: FaultTarget): Fault | undefined;
}

interface PendingFault extends Fault {
  left: number;
  readonly matches: (target: FaultTarget) => boolean;
}

export function createFaultPlan(): FaultPlan {
  let pending: PendingFault[] = [];
  const forbidden = new Set<Readable>();
  return {
    latencyMilliseconds: 0,
    throttle(count, matches, retryAfterSeconds = 1) {
      pending.push({ status: 429, retryAfterSeconds, left: count, matches });
    },
    unavailable(count, matches) {
      pending.push({ status: 503, retryAfterSeconds: null, left: count, matches });
    },
    forbid: (readable) => void forbidden.add(readable),
    allow: (readable) => void forbidden.delete(readable),
    isForbidden: (readable) => forbidden.has(readable),
    clear() {
      pending = [];
      forbidden.clear();
      this.latencyMilliseconds = 0;
    },
    next(target) {
      const fault = pending.find((candidate) => candidate.left > 0 && candidate.matches(target));
      if (fault === undefined) return undefined;
      fault.left -= 1;
      pending = pending.filter((candidate) => candidate.left > 0);
      // Conditional Access allows one request a second and never says when to come back.
      const silent = target.path.toLowerCase().startsWith('/v1.0/identity/conditionalaccess/');
      return { status: fault.status, retryAfterSeconds: silent ? null : fault.retryAfterSeconds };
    },
  };
}
