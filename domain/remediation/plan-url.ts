import { isId } from '../conditional-access/wire-words.ts';

/** An id that does not look as such ids do was read where no plan puts it into a URL. */
export class IdMalformed extends Error {
  override readonly name = 'IdMalformed';
}

const accountKey =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourcegroups\/[^/?#%\\]{1,90}\/providers\/microsoft\.storage\/storageaccounts\/[a-z0-9]{3,24}$/;

/** As of the calls of domain facts 5. */
const storageApiVersion = '2025-08-01';

export type GraphResource = 'applications' | 'servicePrincipals' | 'identity/conditionalAccess/policies';

/** The path of a directory object. @throws IdMalformed where `id` is no GUID. */
export function objectPath(resource: GraphResource, id: string): string {
  return `/v1.0/${resource}/${checkedId(id)}`;
}

/** An object id or appId in lower case. @throws IdMalformed for anything else. */
export function checkedId(id: string): string {
  if (!isId(id)) throw new IdMalformed('An id that is no GUID is put into no URL and no body');
  return id.toLowerCase();
}

/** The path of a consent, whose id is base64url and keeps its case. @throws IdMalformed */
export function grantPath(id: string): string {
  return `/v1.0/oauth2PermissionGrants/${checkedGrantId(id)}`;
}

/** The id of a consent as it is. @throws IdMalformed where it is not base64url */
export function checkedGrantId(id: string): string {
  if (!isGrantId(id)) throw new IdMalformed('oauth2PermissionGrants: an id that is not base64url is put into no URL');
  return id;
}

/** Whether it is base64url, as ids of consents are. */
export function isGrantId(id: string): boolean {
  return /^[\w-]{1,256}$/.test(id);
}

/** The same with the members that are asked for. */
export function selecting(path: string, ...members: readonly string[]): string {
  return `${path}?$select=${members.join(',')}`;
}

/**
 * The path of an account, or of what is below it, in lower case: Resource Graph and ARM spell ids differently, and two plans
 * from the same facts have to be equal. @throws IdMalformed
 */
export function accountPath(key: string, below = ''): string {
  const folded = key.toLowerCase();
  if (!accountKey.test(folded) || /\/\.{1,2}\//.test(folded)) {
    throw new IdMalformed('An id that is not the ARM id of a storage account is put into no URL');
  }
  const path = folded.split('/').map(encodeURIComponent).join('/');
  return `${path}${below}?api-version=${storageApiVersion}`;
}
