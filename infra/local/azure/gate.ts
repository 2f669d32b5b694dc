import type { IncomingMessage } from 'node:http';
import type { LocalActor } from './caller.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses what a page in a browser could send: a Host that is not this loopback server (DNS rebinding) or an Origin
 * other than its own.
 *
 * @throws Refusal 403
 */
export function refuseForeignCaller(request: IncomingMessage, port: number): void {
  const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`, `[::1]:${String(port)}`];
  const host = request.headers.host?.toLowerCase() ?? '';
  if (!hosts.includes(host)) throw new Refusal(403, 'HostNotAllowed', `The Host '${host}' is not this server.`);
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new Refusal(403, 'OriginNotAllowed', `The Origin '${origin}' is not this server.`);
  }
}

/**
 * Who the bearer token stands for.
 *
 * @throws Refusal 401 with WWW-Authenticate
 */
export function actorOf(
  request: IncomingMessage,
  actors: ReadonlyMap<string, LocalActor>,
  tenantId: string,
): LocalActor {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const actor = token === undefined ? undefined : actors.get(token);
  if (actor !== undefined) return actor;
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
