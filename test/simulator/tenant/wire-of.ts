import { graphPrincipalId } from '../../domain/build.ts';
import { accountAt } from './readings.ts';
import { appObjectsOf, editTimeOf, policySectionOf } from './facts-of.ts';
import type { StorageAppObjects } from '../../domain/estate.ts';
import type { LiveAccount, LiveApp, LiveConsent, LiveTenant } from './live.ts';
import { policyId } from './tenant.ts';

/** An object that can be written, where it is in truth. */
export type LiveObject =
  | { readonly kind: 'consents' | 'principal' | 'application'; readonly account: LiveAccount; readonly app: LiveApp }
  | { readonly kind: 'consent'; readonly account: LiveAccount; readonly app: LiveApp; readonly consent: LiveConsent }
  | { readonly kind: 'files'; readonly account: LiveAccount }
  | { readonly kind: 'policy' };

const routes = {
  consents: /^\/v1\.0\/oauth2PermissionGrants\?\$filter=clientId%20eq%20'([^']+)'$/,
  consent: /^\/v1\.0\/oauth2PermissionGrants\/([\w-]+)(?:\?|$)/,
  application: /^\/v1\.0\/applications\/([^/?]+)(?:\?|$)/,
  files: /^(\/subscriptions\/[^?]+)\/fileServices\/default\?api-version=[\d-]+$/,
  principal: /^\/v1\.0\/servicePrincipals\/([^/?]+)(?:\?|$)/,
  policy: /^\/v1\.0\/identity\/conditionalAccess\/policies\/([^/?]+)(?:\?|$)/,
} as const;

/** What a path of Microsoft Graph or of ARM names; null where nothing is there. */
export function objectAt(live: LiveTenant, url: string): LiveObject | null {
  const idIn = (route: RegExp): string | undefined => route.exec(url)?.[1];
  if (idIn(routes.policy) === policyId) return { kind: 'policy' };
  const accountKey = idIn(routes.files);
  if (accountKey !== undefined) {
    const account = accountAt(live.accounts, accountKey);
    return account === null ? null : { kind: 'files', account };
  }
  const application = appWith(live, (objects) => objects.application.id === idIn(routes.application));
  if (application !== null) return { kind: 'application', ...application };
  const clientId = idIn(routes.consents);
  const principal = principalWith(live, clientId ?? idIn(routes.principal) ?? '');
  if (principal !== null) return { kind: clientId === undefined ? 'principal' : 'consents', ...principal };
  const consentId = idIn(routes.consent);
  for (const account of live.accounts) {
    const { app } = account;
    const consent = app?.consents.find(({ id }) => id === consentId);
    if (app !== null && consent !== undefined) return { kind: 'consent', account, app, consent };
  }
  return null;
}

/** The account whose app has that service principal. */
export function principalWith(
  live: LiveTenant,
  id: string,
): { readonly account: LiveAccount; readonly app: LiveApp } | null {
  return appWith(live, ({ principal }) => principal.id === id);
}

function appWith(
  live: LiveTenant,
  isIt: (objects: StorageAppObjects) => boolean,
): { readonly account: LiveAccount; readonly app: LiveApp } | null {
  for (const account of live.accounts) {
    const { app } = account;
    if (app !== null && isIt(appObjectsOf(account.name, app))) return { account, app };
  }
  return null;
}

/** What a GET of it answers. */
export function wireOf(live: LiveTenant, found: LiveObject): unknown {
  switch (found.kind) {
    case 'policy': {
      const { policy } = live;
      return {
        id: policyId,
        displayName: 'Require MFA for all users',
        state: policy.state,
        modifiedDateTime: editTimeOf(policy),
        conditions: { applications: policySectionOf(policy) },
      };
    }
    case 'principal': {
      const { appId, accountEnabled, servicePrincipalNames, appRoleAssignmentRequired } = appObjectsOf(
        found.account.name,
        found.app,
      ).principal;
      return { appId, accountEnabled, servicePrincipalNames, appRoleAssignmentRequired };
    }
    case 'application': {
      const { appId, identifierUris, tags } = appObjectsOf(found.account.name, found.app).application;
      return { appId, identifierUris, tags };
    }
    case 'files':
      return { properties: found.account.files };
    case 'consent':
      return consentOf(found, found.consent);
    case 'consents':
      return { value: found.app.consents.map((consent) => consentOf(found, consent)) };
  }
}

function consentOf({ account, app }: { readonly account: LiveAccount; readonly app: LiveApp }, consent: LiveConsent) {
  const { id, scope } = consent;
  const clientId = appObjectsOf(account.name, app).principal.id;
  return { id, clientId, consentType: 'AllPrincipals', principalId: null, resourceId: graphPrincipalId, scope };
}
