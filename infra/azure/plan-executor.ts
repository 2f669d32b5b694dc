import type { PlanExecutor } from '../../domain/audit/ports.ts';
import { CallPutOff, CallRefused } from '../../domain/remediation/call-failure.ts';
import type { ArmClients } from './arm/arm-client.ts';
import { type GraphChannel, GraphUnreachable } from './graph/graph-channel.ts';
import { planRoute } from './plan-path.ts';

/** An answer, whatever its status. */
interface Answer {
  readonly status: number;
  /** Parsed JSON, null where there was none. */
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

/** Both without retries of their own: what fails in passing is put off by a message, and not by a waiting function. */
export interface PlanServices {
  readonly graph: Pick<GraphChannel, 'send'>;
  readonly arm: Pick<ArmClients, 'send'>;
}

/** Carries out planned calls on Microsoft Graph and ARM, each on its configured origin; a path that no plan has is refused. */
export function createPlanExecutor({ graph, arm }: PlanServices): PlanExecutor {
  async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
    const route = planRoute(method, url);
    const name = `${method} ${url.split('?')[0] ?? ''}`;
    if (route === null) throw new CallRefused(`${name} is no call that a plan makes`, 400);
    const answer = await answered(name, method, () =>
      route.service === 'graph' ? graph.send(route.method, url, body) : arm.send(route.method, url, body),
    );
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw failureOf(name, method, route.service, answer);
  }

  return {
    read: ({ reads }) => ask('GET', reads.url),
    execute: ({ method, url, body }) => ask(method, url, method === 'DELETE' ? undefined : body),
  };
}

async function answered(name: string, method: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (cause) {
    if (cause instanceof GraphUnreachable || isUnreachable(cause)) {
      throw new CallPutOff(`${name} got no answer`, null, method !== 'GET', { cause });
    }
    throw cause;
  }
}

/** What the Azure SDK throws where no answer came. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && error.name === 'RestError' && !('statusCode' in error && error.statusCode);
}

/** The service's own words stay out: they may name people. */
function failureOf(
  name: string,
  method: string,
  service: 'graph' | 'arm',
  { status, body, retryAfterMs }: Answer,
): Error {
  const code = codeOf(body);
  const said = `${name} answered ${String(status)}${code === null ? '' : ` ${code}`}`;
  if (status === 429) return new CallPutOff(said, retryAfterMs, false);
  // A gateway that gave up says 503 or 504 of a write that may have gone through behind it.
  if (status >= 500) return new CallPutOff(said, retryAfterMs, method !== 'GET');
  // Another operation on the same account is under way.
  if (status === 409 && service === 'arm') return new CallPutOff(said, retryAfterMs, false);
  return new CallRefused(said, status);
}

function codeOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[\w.]{1,80}$/.test(error.code) ? error.code : null;
}
