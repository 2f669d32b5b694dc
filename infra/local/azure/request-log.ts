import type { ApiKind } from './caller.ts';

export interface LoggedRequest {
  readonly method: string;
  /** As it came, with the query. */
  readonly path: string;
  readonly status: number;
}

/** How many requests each API answered, refusals and throttled ones included; only those that carried a valid token. */
export interface RequestCounts {
  readonly resourceGraph: number;
  readonly graph: number;
  readonly arm: number;
  readonly throttled: number;
  /** The last 10,000 requests of all kinds, oldest first, also those refused for their token. */
  readonly log: readonly LoggedRequest[];
}

export interface RequestLog extends RequestCounts {
  record(request: LoggedRequest, kind: ApiKind | null): void;
}

const kept = 10_000;

export function createRequestLog(): RequestLog {
  const counts = { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 };
  const log: LoggedRequest[] = [];
  return {
    get resourceGraph() {
      return counts.resourceGraph;
    },
    get graph() {
      return counts.graph;
    },
    get arm() {
      return counts.arm;
    },
    get throttled() {
      return counts.throttled;
    },
    log,
    record(request, kind) {
      if (kind !== null) counts[kind] += 1;
      if (request.status === 429) counts.throttled += 1;
      log.push(request);
      if (log.length > kept) log.shift();
    },
  };
}
