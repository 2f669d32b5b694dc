import type { IncomingMessage } from 'node:http';
import { foreignCaller } from '../foreign-caller.ts';
import type { LocalActor } from './caller.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses what a page in a browser could send: a Host that is not this loopback server (DNS rebinding) or an Origin
 * other than its own.
 *
 * @throws Refusal 403
 */
export function refuseForeignCaller(request: IncomingMessage, port: number): void {
  const foreign = foreignCaller(request, port);
  if (foreign !== null) throw new Refusal(403, `${foreign.header}NotAllowed`, foreign.reason);
}

/**
 * Who the bearer token stands for.
 *
 * @throws Refusal 401 with WWW-Authenticate
 */
export function actorOf(
  request: IncomingMessage,
  holderOf: (token: string) => LocalActor | null,
  tenantId: string,
): LocalActor {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const actor = token === undefined ? null : holderOf(token);
  if (actor !== null) return actor;
  const authority = `https://login.microsoftonline.com/${tenantId}`;
  const error = token === undefined ? '' : ', error="invalid_token"';
  throw new Refusal(
    401,
    token === undefined ? 'AuthenticationFailed' : 'InvalidAuthenticationToken',
    token === undefined
      ? "Authentication failed. The 'Authorization' header is missing."
      : 'The access token is invalid.',
    { headers: { 'WWW-Authenticate': `Bearer authorization_uri="${authority}"${error}` } },
  );
}
