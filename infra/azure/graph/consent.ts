import type { WireObject } from '../../estate-source.ts';
import { type Failure, MalformedAnswer, type Reading } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';
import { graphLists } from './collections.ts';
import type { GraphChannel } from './graph-channel.ts';
import type { GraphWriter } from './graph-writer.ts';
import { readAllPages } from './read-all-pages.ts';

/** A tenant-wide delegated consent to be made. Ids are object ids of service principals, not appIds. */
export interface NewConsent {
  readonly clientId: string;
  readonly resourceId: string;
  /** Scope names with a blank between them. */
  readonly scope: string;
}

/** The grants of one client could not be read whole. */
export class GrantsUnreadable extends Error {
  override readonly name = 'GrantsUnreadable';
  readonly failure: Failure;

  constructor(clientId: string, failure: Failure) {
    const mend = failure.needs === null ? 'try again' : `grant ${failure.needs}`;
    super(`The permission grants of service principal ${clientId} could not be read (${failure.reason}); ${mend}.`);
    this.failure = failure;
  }
}

/**
 * All grants of one client, consents for single users too (the filter takes `clientId eq` only).
 *
 * @throws GrantsUnreadable, SignInRefused
 */
export async function grantsOf(graph: GraphChannel, clientId: string): Promise<readonly WireObject[]> {
  const filter = encodeURIComponent(`clientId eq '${clientId.replaceAll("'", "''")}'`);
  const { needs } = graphLists['oauth2-permission-grants'];
  const { items, failure }: Reading = await readAllPages(graph, {
    path: `/v1.0/oauth2PermissionGrants?$filter=${filter}`,
    needs,
  });
  if (failure !== null) throw new GrantsUnreadable(clientId, failure);
  return items;
}

/**
 * Consents for all users of the tenant.
 *
 * @returns the grant as Graph made it
 * @throws AlreadyExists where the client has a grant for this resource: its scopes must be changed instead
 */
export async function grantConsent(graph: GraphWriter, consent: NewConsent): Promise<WireObject> {
  const { clientId, resourceId, scope } = consent;
  const body = { clientId, consentType: 'AllPrincipals', resourceId, scope };
  const grant = await graph.request('POST', '/v1.0/oauth2PermissionGrants', body);
  if (!isWireObject(grant)) throw new MalformedAnswer('Microsoft Graph did not answer with the grant it made.');
  return grant;
}
