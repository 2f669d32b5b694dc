import { isLoopback } from '../../infra/azure/loopback.ts';
import type { Environment } from '../../infra/config.ts';
import { UsageError } from '../exit-code.ts';

/** Environment variables that name an HTTP API: the auditor's and the remediator's. */
type ApiSetting = 'KERBWATCH_API' | 'KERBWATCH_REMEDIATION_API';

/** Where an HTTP API is. */
export interface ApiAddress {
  /** What named it, for messages. */
  readonly setting: ApiSetting;
  /** With the path that its host puts before `/v1`; no trailing slash. */
  readonly base: string;
  readonly isLoopback: boolean;
}

/**
 * The auditor's API that `KERBWATCH_API` names, such as `https://func-kerbwatch.azurewebsites.net/api`; null where it is not set.
 * @throws UsageError for what is no such address, and for plain http to another machine
 */
export function apiAddress(env: Environment): ApiAddress | null {
  return addressIn(env, 'KERBWATCH_API', '');
}

/** The remediator's, that `KERBWATCH_REMEDIATION_API` names in the same way; another app, so no other stands in for it. */
export function remediationApiAddress(env: Environment): ApiAddress | null {
  return addressIn(env, 'KERBWATCH_REMEDIATION_API', '/remediation');
}

function addressIn(env: Environment, setting: ApiSetting, below: string): ApiAddress | null {
  const text = env[setting]?.trim() ?? '';
  if (text === '') return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new UsageError(`${setting} is '${text}'; give an address such as https://APP.azurewebsites.net/api.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${setting} holds more than an address; ${url.origin}${url.pathname} is what belongs there.`);
  }
  const local = isLoopback(url);
  if (url.protocol === 'http:' && !local) {
    throw new UsageError(`${setting} is at ${url.origin}; plain http is only for this machine, use https.`);
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/u, '');
  if (base.endsWith('/v1')) {
    const whole = base.slice(0, -'/v1'.length);
    throw new UsageError(`${setting} ends in /v1, which is added to it; ${whole} is what belongs there.`);
  }
  return { setting, base: `${base}${below}`, isLoopback: local };
}
