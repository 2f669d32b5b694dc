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
  readonly status: 409 | 429 | 503;
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
  /** Answers the next `count` matching requests with 409, as ARM does while another operation on the account is under way. */
  conflict(count: number, matches: (target: FaultTarget) => boolean): void;
  /** Does what the next `count` matching requests ask, and breaks the connection off before the answer. */
  breakOff(count: number, matches: (target: FaultTarget) => boolean): void;
  /** Takes away the right to read. */
  forbid(readable: Readable): void;
  /** Takes away the right of workloads to write; people keep theirs. */
  forbidWriting(name: CollectionName): void;
  /** Gives both back. */
  allow(readable: Readable): void;
  isForbidden(readable: Readable): boolean;
  isWritingForbidden(name: CollectionName): boolean;
  /** Ends every fault. */
  clear(): void;
  /** The fault for this request, used up by asking. */
  next(target: FaultTarget): Fault | undefined;
  /** Whether the answer to this request is lost, used up by asking. */
  isBrokenOff(target: FaultTarget): boolean;
}

interface Pending {
  left: number;
  readonly matches: (target: FaultTarget) => boolean;
}

type PendingFault = Pending & Fault;

export function createFaultPlan(): FaultPlan {
  let pending: PendingFault[] = [];
  let breaks: Pending[] = [];
  const forbidden = new Set<Readable>();
  const readOnly = new Set<Readable>();
  return {
    latencyMilliseconds: 0,
    throttle(count, matches, retryAfterSeconds = 1) {
      pending.push({ status: 429, retryAfterSeconds, left: count, matches });
    },
    unavailable(count, matches) {
      pending.push({ status: 503, retryAfterSeconds: null, left: count, matches });
    },
    conflict(count, matches) {
      pending.push({ status: 409, retryAfterSeconds: null, left: count, matches });
    },
    breakOff(count, matches) {
      breaks.push({ left: count, matches });
    },
    forbid: (readable) => void forbidden.add(readable),
    forbidWriting: (name) => void readOnly.add(name),
    allow(readable) {
      forbidden.delete(readable);
      readOnly.delete(readable);
    },
    isForbidden: (readable) => forbidden.has(readable),
    isWritingForbidden: (name) => readOnly.has(name),
    clear() {
      pending = [];
      breaks = [];
      forbidden.clear();
      readOnly.clear();
      this.latencyMilliseconds = 0;
    },
    next(target) {
      const fault = used(pending, target);
      if (fault === undefined) return undefined;
      pending = pending.filter(({ left }) => left > 0);
      // Conditional Access allows one request a second and never says when to come back.
      const silent = target.path.toLowerCase().startsWith('/v1.0/identity/conditionalaccess/');
      return { status: fault.status, retryAfterSeconds: silent ? null : fault.retryAfterSeconds };
    },
    isBrokenOff(target) {
      const found = used(breaks, target);
      breaks = breaks.filter(({ left }) => left > 0);
      return found !== undefined;
    },
  };
}

/** The first that the request fits, which then strikes once less. */
function used<T extends Pending>(candidates: readonly T[], target: FaultTarget): T | undefined {
  const found = candidates.find(({ left, matches }) => left > 0 && matches(target));
  if (found !== undefined) found.left -= 1;
  return found;
}
