import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { exchangePrincipalId, microsoftGraphPrincipalId, principalIdOf } from './directory-ids.ts';
import { guidFor } from './names.ts';

/** The delegated permission grants of an account's principal. */
export function consents(plan: AccountPlan): WireObject[] {
  const hasPrincipal = plan.app !== undefined && plan.app !== 'missing' && plan.app !== 'without-principal';
  if (!hasPrincipal) return [];
  const clientId = principalIdOf(plan);
  const { consent = 'none' } = plan;
  switch (consent) {
    case 'none':
      return [];
    case 'granted':
      // The portal writes the blank in front.
      return [tenantWide(clientId, ' openid profile User.Read')];
    case 'granted-in-odd-case':
      return [tenantWide(clientId, 'OpenId  user.read profile')];
    case 'more-than-needed':
      return [tenantWide(clientId, 'openid profile User.Read Files.Read.All offline_access')];
    case 'user-read-missing':
      return [tenantWide(clientId, 'openid profile')];
    case 'one-user-only':
      return [forOneUser(clientId, 'openid profile User.Read')];
    case 'on-another-resource':
      return [{ ...tenantWide(clientId, 'openid profile User.Read'), resourceId: exchangePrincipalId }];
  }
}

export function tenantWide(clientId: string, scope: string): WireObject {
  return {
    clientId,
    consentType: 'AllPrincipals',
    id: guidFor(`grant/${clientId}`),
    principalId: null,
    resourceId: microsoftGraphPrincipalId,
    scope,
  };
}

export function forOneUser(clientId: string, scope: string): WireObject {
  return {
    ...tenantWide(clientId, scope),
    consentType: 'Principal',
    id: guidFor(`grant/${clientId}/one-user`),
    principalId: guidFor('user/adele'),
  };
}
