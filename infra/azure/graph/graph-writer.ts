import type { GraphAnswer, GraphChannel, GraphMethod } from './graph-channel.ts';

/** Microsoft Graph refused a request. `status` and `code` are the answer's. */
export class GraphRefused extends Error {
  override readonly name = 'GraphRefused';
  readonly status: number;
  /** `error.code` of the body, null where there is none. */
  readonly code: string | null;

  constructor(method: GraphMethod, url: string, status: number, code: string | null, message: string | null) {
    super(
      `${method} ${url} answered ${status}${code === null ? '' : ` ${code}`}${message === null ? '.' : `: ${message}`}`,
    );
    this.status = status;
    this.code = code;
  }
}

/** What was to be made is there already. */
export class AlreadyExists extends Error {
  override readonly name = 'AlreadyExists';
}

/** Single requests of a remediation, on the endpoint's own origin. */
export interface GraphWriter {
  /**
   * @param url a path such as `/v1.0/oauth2PermissionGrants`, or a full URL of the endpoint
   * @returns the answer's body, null for one without
   * @throws AlreadyExists for 409, GraphRefused for every other answer that is no 2xx, ForeignNextLink for a URL of
   * another origin, GraphUnreachable, SignInRefused
   */
  request(method: GraphMethod, url: string, body?: unknown): Promise<unknown>;
}

export function createGraphWriter(graph: GraphChannel): GraphWriter {
  return {
    async request(method, url, body) {
      const answer = await graph.send(method, url, body);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      throw refusalOf(method, url, answer);
    },
  };
}

function refusalOf(method: GraphMethod, url: string, { status, body }: GraphAnswer): Error {
  const code = errorMember(body, 'code');
  const message = errorMember(body, 'message');
  const refused = new GraphRefused(method, url, status, code, message);
  return status === 409 ? new AlreadyExists(refused.message, { cause: refused }) : refused;
}

function errorMember(body: unknown, name: 'code' | 'message'): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !(name in error)) return null;
  const value: unknown = (error as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : null;
}
