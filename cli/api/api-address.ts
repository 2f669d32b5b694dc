import { isLoopback } from '../../infra/azure/loopback.ts';
import type { Environment } from '../../infra/config.ts';
import { UsageError } from '../exit-code.ts';

/** Where the HTTP API is. */
export interface ApiAddress {
  /** With the path that its host puts before `/v1`; no trailing slash. */
  readonly base: string;
  readonly isLoopback: boolean;
}

/**
 * The API that `KERBWATCH_API` names, such as `https://func-kerbwatch.azurewebsites.net/api`; null where it is not set.
 * @throws UsageError for what is no such address, and for plain http to another machine
 */
export function apiAddress(env: Environment): ApiAddress | null {
  const text = env['KERBWATCH_API']?.trim() ?? '';
  if (text === '') return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UsageError(`KERBWATCH_API is '${text}'; give an address such as https://APP.azurewebsites.net/api.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      `KERBWATCH_API holds more than an address; ${url.origin}${url.pathname} is what belongs there.`,
    );
  }
  const local = isLoopback(url);
  if (url.protocol === 'http:' && !local) {
    throw new UsageError(`KERBWATCH_API is at ${url.origin}; plain http is only for this machine, use https.`);
  }
  return { base: `${url.origin}${url.pathname}`.replace(/\/+$/u, ''), isLoopback: local };
}
