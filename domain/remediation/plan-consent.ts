import { microsoftGraphAppId } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Directory } from '../rules/directory.ts';
import { judgeClaim } from '../rules/storage-app-unambiguous.ts';
import { findStorageApp } from '../rules/storage-app.ts';
import type { RemediationPlan } from './plan.ts';

const scopes = 'openid profile User.Read';

/**
 * Grants tenant-wide consent to the account's storage app where it has none yet (domain facts 5, first row). No plan
 * unless every list was read whole, `storage-app-unambiguous` passes, and the app's principal is enabled: what is ambiguous,
 * or may be an impostor, is never repaired automatically.
 */
export function planConsent(account: StorageAccount, directory: Directory): RemediationPlan | null {
  const { facts } = directory;
  if (facts.oauth2PermissionGrants.state !== 'known' || facts.applications.state !== 'known') return null;
  if (judgeClaim({ account, directory }).outcome !== 'pass') return null;
  const search = findStorageApp(account, directory);
  const app = search.state === 'found' ? search.candidates[0] : undefined;
  if (app?.principal.state !== 'enabled') return null;
  const [graph, otherGraph] = directory.principalsByAppId(microsoftGraphAppId);
  if (graph === undefined || otherGraph !== undefined) return null;
  const { id: clientId, displayName } = app.principal.object;
  // With any grant there already the list's order would be part of the precondition; adding scopes is another action.
  if (directory.grantsByClient(clientId).length > 0) return null;
  return {
    action: 'grant-consent',
    risk: 'safe',
    target: { type: 'servicePrincipal', id: clientId, name: displayName },
    calls: [
      {
        method: 'POST',
        url: '/v1.0/oauth2PermissionGrants',
        body: { clientId, consentType: 'AllPrincipals', resourceId: graph.id, scope: scopes },
        permission: 'DelegatedPermissionGrant.ReadWrite.All',
        reads: {
          url: `/v1.0/oauth2PermissionGrants?$filter=${encodeURIComponent(`clientId eq '${clientId}'`)}`,
          expect: { '/value': [] },
        },
        undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
      },
    ],
  };
}
