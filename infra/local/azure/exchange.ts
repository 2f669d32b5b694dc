import type { EventGridEvent } from './arm/event-grid-event.ts';
import type { LocalActor } from './caller.ts';
import type { FaultPlan } from './faults.ts';
import type { AuditTrail } from './graph/audit-trail.ts';
import type { DeltaTokens } from './graph/delta-tokens.ts';
import type { LocalTenant } from './local-tenant.ts';

export interface LocalRequest {
  readonly method: string;
  /** Decoded, without the query; for Graph without `/v1.0`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON, undefined where there was no body. */
  readonly body: unknown;
  readonly actor: LocalActor;
}

export interface LocalResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface PageSizes {
  readonly resourceGraph: number;
  readonly graph: number;
  readonly arm: number;
}

/** What every endpoint works with. */
export interface LocalCloud {
  readonly tenant: LocalTenant;
  readonly pageSize: PageSizes;
  readonly faults: FaultPlan;
  readonly deltas: DeltaTokens;
  readonly audits: AuditTrail;
  /** Who has a token. */
  readonly people: readonly LocalActor[];
  readonly origin: string;
  readonly clock: () => Date;
  readonly newGuid: () => string;
  readonly raise: (event: EventGridEvent) => void;
}

/** One endpoint: `match` holds what the path's pattern captured, undefined groups as empty strings. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (cloud: LocalCloud, request: LocalRequest, match: readonly string[]) => LocalResponse;
}

/** The answer of the first route that fits, undefined where none does. */
export function answerFrom(
  routes: readonly Route[],
  cloud: LocalCloud,
  request: LocalRequest,
): LocalResponse | undefined {
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(request.path) : null;
    if (match !== null) {
      const groups: readonly (string | undefined)[] = match.slice(1);
      return route.answer(
        cloud,
        request,
        groups.map((group) => group ?? ''),
      );
    }
  }
  return undefined;
}
