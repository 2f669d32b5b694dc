import { timingSafeEqual } from 'node:crypto';
import type { LocalResponse } from '../azure/exchange.ts';
import type { LocalIssuer } from './issuer.ts';

/** What an endpoint of the issuer is asked. */
export interface IdentityRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** The body of a form; empty where there was none. */
  readonly form: URLSearchParams;
  /** For example `http://127.0.0.1:7070`. */
  readonly origin: string;
}

const lifetimeSeconds = 3600;

/** Whether the path is one of the issuer's, which nobody needs a token for. */
export function isIdentityPath(path: string, { tenantId }: Pick<LocalIssuer, 'tenantId'>): boolean {
  return path.toLowerCase().startsWith(`/${tenantId.toLowerCase()}/`);
}

/**
 * Answers as Entra's token endpoints do (RFC 6749, sections 4.4 and 5). Who one is, `client_id` says by name or object id; the
 * secret is that of this run of the embedded cloud, so that nobody else on the machine gets a token.
 */
export async function answerIdentity(
  { method, path, form, origin }: IdentityRequest,
  issuer: LocalIssuer,
  secret: string,
): Promise<LocalResponse> {
  const { tenantId, people, audience } = issuer;
  const base = `${origin}/${tenantId}`;
  switch (`${method} ${path.slice(tenantId.length + 1).toLowerCase()}`) {
    case 'GET /v2.0/.well-known/openid-configuration':
      return answered({
        issuer: `${base}/v2.0`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
        grant_types_supported: ['client_credentials'],
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    case 'GET /discovery/v2.0/keys':
      return answered(await issuer.keys());
    case 'POST /oauth2/v2.0/token': {
      const grant = form.get('grant_type') ?? '';
      if (grant !== 'client_credentials') {
        return refused(400, 'unsupported_grant_type', 'Ask with grant_type=client_credentials.');
      }
      const id = (form.get('client_id') ?? '').toLowerCase();
      const person = people.find(({ name, objectId }) => name === id || objectId === id);
      if (person === undefined || !isSame(form.get('client_secret') ?? '', secret)) {
        const names = people.map(({ name }) => name).join(', ');
        return refused(
          401,
          'invalid_client',
          `client_id is one of ${names}, and client_secret the secret that this run of the embedded cloud printed.`,
        );
      }
      if (form.get('scope') !== `${audience}/.default`) {
        return refused(400, 'invalid_scope', `Tokens are issued for scope ${audience}/.default alone.`);
      }
      const token = await issuer.issue(person, origin, lifetimeSeconds);
      return answered({ token_type: 'Bearer', expires_in: lifetimeSeconds, access_token: token });
    }
    default:
      return refused(404, 'not_found', `${method} ${path} is not served by the embedded cloud.`);
  }
}

function answered(body: object): LocalResponse {
  return { status: 200, headers: { 'Cache-Control': 'no-store' }, body };
}

/** As RFC 6749, section 5.2, wants it. */
function refused(status: number, error: string, description: string): LocalResponse {
  return { status, headers: { 'Cache-Control': 'no-store' }, body: { error, error_description: description } };
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
