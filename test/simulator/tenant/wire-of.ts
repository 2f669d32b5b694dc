import { graphPrincipalId } from '../../domain/build.ts';
import { appObjectsOf, editTimeOf, policySectionOf } from './facts-of.ts';
import type { LiveAccount, LiveApp, LiveConsent, LiveTenant } from './live.ts';
import { policyId } from './tenant.ts';

/** An object that can be written, where it is in truth. */
export type LiveObject =
  | { readonly kind: 'consents' | 'principal'; readonly account: LiveAccount; readonly app: LiveApp }
  | { readonly kind: 'consent'; readonly account: LiveAccount; readonly app: LiveApp; readonly consent: LiveConsent }
  | { readonly kind: 'policy' };

const routes = {
  consents: /^\/v1\.0\/oauth2PermissionGrants\?\$filter=clientId%20eq%20'([^']+)'$/,
  consent: /^\/v1\.0\/oauth2PermissionGrants\/([\w-]+)(?:\?|$)/,
  principal: /^\/v1\.0\/servicePrincipals\/([^/?]+)(?:\?|$)/,
  policy: /^\/v1\.0\/identity\/conditionalAccess\/policies\/([^/?]+)(?:\?|$)/,
} as const;

/** What a path of Microsoft Graph names; null where nothing is there. */
export function objectAt(live: LiveTenant, url: string): LiveObject | null {
  const idIn = (route: RegExp): string | undefined => route.exec(url)?.[1];
  if (idIn(routes.policy) === policyId) return { kind: 'policy' };
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
  for (const account of live.accounts) {
    const { app } = account;
    if (app !== null && appObjectsOf(account.name, app).principal.id === id) return { account, app };
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
