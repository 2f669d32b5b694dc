import type { Io } from '../io.ts';
import { SignInRefused } from '../../infra/azure/identity/sign-in-refused.ts';
import { apiNames } from '../../infra/azure/identity/person-sign-in.ts';
import { pipelineSafe } from '../report/pipeline-safe.ts';
import { type ApiAddress } from './api-address.ts';
import { apiCredential } from './api-credential.ts';
import { ApiRefused, ApiUnreachable } from './errors.ts';
import { isOfApi, problemText } from './problem-text.ts';
import { wrongAddress } from './wrong-address.ts';

/** The HTTP API, as the person who signed in. */
export interface ApiClient {
  /**
   * @param path below `/v1`, encoded
   * @returns the JSON that was answered
   * @throws SignInRefused for 401 and 403, ApiRefused for any other refusal, ApiUnreachable where no API answers
   */
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

const patience = 60_000;

/**
 * Nothing is sent yet, and nobody asked.
 * @param tell as for `apiCredential` @throws what `apiCredential` throws
 */
export async function openApi(io: Io, address: ApiAddress, tell: (text: string) => void): Promise<ApiClient> {
  const { credential, scope } = await apiCredential(io, address, tell);

  async function answerTo(method: string, path: string, body: object | undefined): Promise<Response> {
    const token = await credential.getToken(scope);
    if (token === null) throw new SignInRefused(apiNames.own, 'no token was issued.');
    try {
      return await fetch(`${address.base}/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token.token}`,
          Accept: 'application/json, application/problem+json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Wherever a redirect leads, the token is not for there.
        redirect: 'manual',
        signal: AbortSignal.any([io.signal, AbortSignal.timeout(patience)]),
      });
    } catch (cause) {
      if (io.signal.aborted) throw cause;
      throw new ApiUnreachable(address, reasonOf(cause), { cause });
    }
  }

  return {
    async send(method, path, body) {
      const response = await answerTo(method, path, body);
      const text = await response.text();
      if (response.ok) {
        const document = jsonIn(text);
        if (document !== undefined) return document;
        throw new ApiUnreachable(address, wrongAddress(address, 'what came is no JSON'));
      }
      if (response.status >= 300 && response.status < 400) {
        const to = URL.parse(response.headers.get('Location') ?? '', response.url)?.origin ?? 'nowhere';
        throw new ApiUnreachable(
          address,
          `it sends us on to ${to}, which was not followed; give the API's own address`,
        );
      }
      const problem = jsonIn(text);
      if ((response.status === 404 || response.status === 405) && !isOfApi(problem)) {
        throw new ApiUnreachable(address, wrongAddress(address, String(response.status)));
      }
      const said = pipelineSafe(problemText(response, problem));
      if (response.status === 401 || response.status === 403) throw new SignInRefused(apiNames.own, said);
      throw new ApiRefused(response.status, said);
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `it did not answer within ${String(patience / 1000)} s; try again later`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `it cannot be reached${code}; check the address, and whether the app is running`;
}
