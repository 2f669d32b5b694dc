import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventGridEvent } from './arm/event-grid-event.ts';
import { answer } from './answer.ts';
import { errorBody } from './error-body.ts';
import type { ApiKind, LocalActor } from './caller.ts';
import type { LocalCloud, LocalResponse, PageSizes } from './exchange.ts';
import { createFaultPlan, type Fault, type FaultPlan } from './faults.ts';
import { createAuditTrail } from './graph/audit-trail.ts';
import { createDeltaTokens, type DeltaTokens } from './graph/delta-tokens.ts';
import { answerIdentity, isIdentityPath } from '../identity/endpoints.ts';
import type { LocalIssuer } from '../identity/issuer.ts';
import { actorOf, refuseForeignCaller } from './gate.ts';
import { Refusal } from './refusal.ts';
import { readJsonBody, readTextBody } from './request-body.ts';
import { createRequestLog, type RequestCounts } from './request-log.ts';
import type { LocalTenant } from './local-tenant.ts';

export type { EventGridEvent } from './arm/event-grid-event.ts';
export type { LocalActor } from './caller.ts';
export type { PageSizes } from './exchange.ts';

export interface LocalAzureOptions {
  readonly tenant: LocalTenant;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** The bearer token of the product's own workload. */
  readonly token: string;
  /** Further tokens, and whose they are: an administrator who makes a change, for example. */
  readonly actors?: ReadonlyMap<string, LocalActor>;
  /** Who issues tokens to people, and what they show to get one; nobody where absent. */
  readonly identity?: { readonly issuer: LocalIssuer; readonly secret: string };
  /** The largest page each API gives; small by default, so that a sample tenant pages everywhere. */
  readonly pageSize?: PageSizes;
  /** Called for each change made through ARM, before the change is answered. */
  readonly onEvent: (event: EventGridEvent) => void;
  readonly clock: () => Date;
  readonly newGuid: () => string;
}

/** ARM, Resource Graph and Microsoft Graph on one loopback origin, over a tenant in memory. */
export interface LocalAzure {
  start(): Promise<void>;
  /** Ends open connections too. */
  stop(): Promise<void>;
  /** For example `http://127.0.0.1:7070`; known once started. */
  readonly origin: string;
  readonly tenant: LocalTenant;
  readonly requests: RequestCounts;
  readonly faults: FaultPlan;
  /** For letting them expire. */
  readonly deltas: Pick<DeltaTokens, 'expire'>;
}

/** The port asked for is taken by another program. */
export class LocalAzurePortInUseError extends Error {
  override readonly name = 'LocalAzurePortInUseError';
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${String(port)} on 127.0.0.1 is in use; stop the program that has it or choose another port.`, options);
    this.port = port;
  }
}

const defaultPageSize: PageSizes = { resourceGraph: 25, graph: 10, arm: 10 };

/** Whose the main token is: the functions themselves. */
export const workload: LocalActor = {
  objectId: '7d0a4d0e-6f0c-4c53-8b4f-3c2f5f6f1a10',
  appId: 'b5a1c2de-90b7-4a0e-9d53-54c0a7a2f6b1',
  upn: null,
};

export function createLocalAzure(options: LocalAzureOptions): LocalAzure {
  const { tenant, identity } = options;
  const faults = createFaultPlan();
  const deltas = createDeltaTokens(options.newGuid);
  const audits = createAuditTrail();
  const requests = createRequestLog();
  const actors = new Map([...(options.actors ?? []), [options.token, workload]]);
  const holderOf = (token: string): LocalActor | null => actors.get(token) ?? identity?.issuer.holder(token) ?? null;
  let port: number | null = null;

  const originOf = (): string => {
    if (port === null) throw new Error('The local Azure endpoints have not been started; await start() first.');
    return `http://127.0.0.1:${String(port)}`;
  };

  const server = createServer((request, response) => {
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const kind = kindOf(pathname);
    let counted: ApiKind | null = null;
    let result: LocalResponse;
    try {
      refuseForeignCaller(request, port ?? 0);
      const method = request.method ?? 'GET';
      if (identity !== undefined && isIdentityPath(pathname, identity.issuer)) {
        const form = new URLSearchParams(await readTextBody(request));
        const asked = { method, path: decodePath(pathname), form, origin: originOf() };
        const { issuer, secret } = identity;
        respond(request, response, await answerIdentity(asked, issuer, secret), null);
        return;
      }
      const actor = actorOf(request, holderOf, tenant.tenantId);
      counted = kind;
      if (faults.latencyMilliseconds > 0) await delay(faults.latencyMilliseconds);
      const body = await readJsonBody(request);
      const fault = faults.next({ kind, method, path: pathname });
      if (fault !== undefined) throw refusalFor(fault);
      const path = decodePath(kind === 'graph' ? pathname.slice('/v1.0'.length) : pathname);
      result = answer(cloudNow(), kind, { method, path, query: new URLSearchParams(search), body, actor });
      if (faults.isBrokenOff({ kind, method, path: pathname })) {
        requests.record({ method, path: request.url ?? '/', status: result.status }, counted);
        response.destroy();
        return;
      }
    } catch (error) {
      result = refusalResponse(error, kind);
    }
    respond(request, response, result, counted);
  }

  function respond(
    request: IncomingMessage,
    response: ServerResponse,
    result: LocalResponse,
    counted: ApiKind | null,
  ): void {
    requests.record({ method: request.method ?? 'GET', path: request.url ?? '/', status: result.status }, counted);
    send(response, result);
  }

  const cloudNow = (): LocalCloud => ({
    tenant,
    faults,
    deltas,
    audits,
    people: [...actors.values(), ...(identity?.issuer.people ?? [])],
    pageSize: options.pageSize ?? defaultPageSize,
    origin: originOf(),
    clock: options.clock,
    newGuid: options.newGuid,
    raise: options.onEvent,
  });

  const refusalResponse = (error: unknown, kind: ApiKind): LocalResponse => {
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal(500, 'InternalServerError', `The local endpoint failed: ${String(error)}`);
    const { status, headers } = refusal;
    return { status, headers, body: errorBody(refusal, kind, options.clock(), options.newGuid()) };
  };

  return {
    tenant,
    requests,
    faults,
    deltas,
    get origin() {
      return originOf();
    },
    start: () =>
      new Promise((resolve, reject) => {
        const failed = (cause: Error): void => {
          const taken = 'code' in cause && cause.code === 'EADDRINUSE';
          reject(taken ? new LocalAzurePortInUseError(options.port ?? 0, { cause }) : cause);
        };
        server.once('error', failed);
        server.listen(options.port ?? 0, '127.0.0.1', () => {
          server.off('error', failed);
          const address = server.address();
          if (address !== null && typeof address === 'object') port = address.port;
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function refusalFor({ status, retryAfterSeconds }: Fault): Refusal {
  const headers = retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
  switch (status) {
    case 409:
      return new Refusal(
        409,
        'StorageAccountOperationInProgress',
        'An operation is currently performing on this storage account that requires exclusive access.',
      );
    case 429:
      return new Refusal(429, 'TooManyRequests', 'Too many requests.', { headers });
    case 503:
      return new Refusal(503, 'ServiceUnavailable', 'Try again later.', { headers });
  }
}

function kindOf(path: string): ApiKind {
  if (/^\/v1\.0(\/|$)/.test(path)) return 'graph';
  return /^\/providers\/Microsoft\.ResourceGraph\//i.test(path) ? 'resourceGraph' : 'arm';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refusal(400, 'BadRequest', `The path ${path} is not a valid URL path.`);
  }
}

function send(response: ServerResponse, result: LocalResponse): void {
  const text = result.body === undefined ? '' : JSON.stringify(result.body);
  response.writeHead(result.status, {
    ...result.headers,
    ...(text === '' ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    ...(result.status === 204 ? {} : { 'Content-Length': String(Buffer.byteLength(text)) }),
  });
  response.end(text);
}
