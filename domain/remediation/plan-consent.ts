import { microsoftGraphAppId, type OAuth2PermissionGrant, type ServicePrincipal } from '../model/directory.ts';
import { neededScopes } from '../rules/consent-granted.ts';
import type { Directory } from '../rules/directory.ts';
import { manual, none, type Planned, planned, type Refusal } from './planned.ts';
import { checkedId } from './plan-url.ts';
import { consentByHand } from './runbooks/consent-by-hand.ts';
import type { AppContext } from './app-context.ts';
import { soundApp } from './sound-app.ts';

/** The consents of a sound app, read whole. */
export interface ConsentFacts {
  readonly kind: 'consent';
  readonly principal: ServicePrincipal;
  /** This tenant's principal of Microsoft Graph. */
  readonly graph: ServicePrincipal;
  /** Every consent that the app has. */
  readonly grants: readonly OAuth2PermissionGrant[];
  /** Those for the whole tenant on Microsoft Graph. */
  readonly tenantWide: readonly OAuth2PermissionGrant[];
}

export function consentFacts(context: AppContext): ConsentFacts | Refusal {
  const { directory } = context;
  if (directory.facts.oauth2PermissionGrants.state !== 'known') {
    return none('Consents were not read whole, so one that was not seen may be enough');
  }
  const app = soundApp(context);
  if (app.kind !== 'sound') return app;
  const graph = graphPrincipal(directory);
  if (graph === null) return none('The tenant shows no principal of Microsoft Graph, or more than one');
  const grants = directory.grantsByClient(app.principal.id);
  const tenantWide = grants.filter(
    ({ consentType, resourceId }) => consentType.toLowerCase() === 'allprincipals' && resourceId === graph.id,
  );
  return { kind: 'consent', principal: app.principal, graph, grants, tenantWide };
}

/**
 * Grants tenant-wide consent to the account's storage app where it has none yet (domain facts 5, first row). With any
 * grant there already the list's order would be part of the precondition: then a person grants.
 */
export function planConsent(context: AppContext): Planned {
  const facts = consentFacts(context);
  if (facts.kind !== 'consent') return facts;
  const { principal, graph, grants } = facts;
  if (grants.length > 0) return manual(consentByHand(context, principal, graph, grants));
  const { displayName } = principal;
  const clientId = checkedId(principal.id);
  const resourceId = checkedId(graph.id);
  const grant = { clientId, consentType: 'AllPrincipals', resourceId, scope: neededScopes.join(' ') };
  return planned(
    {
      action: 'grant-consent',
      risk: 'safe',
      target: { type: 'servicePrincipal', id: clientId, name: displayName },
      calls: [
        {
          method: 'POST',
          url: '/v1.0/oauth2PermissionGrants',
          body: grant,
          permission: 'DelegatedPermissionGrant.ReadWrite.All',
          reads: {
            url: `/v1.0/oauth2PermissionGrants?$filter=${encodeURIComponent(`clientId eq '${clientId}'`)}`,
            expect: { '/value': [] },
            afterwards: Object.fromEntries(Object.entries(grant).map(([name, value]) => [`/value/0/${name}`, value])),
          },
          undo: { method: 'DELETE', url: '/v1.0/oauth2PermissionGrants/{id}', body: null },
          before: null,
          after: grant,
        },
      ],
    },
    context.account,
  );
}

function graphPrincipal(directory: Directory): ServicePrincipal | null {
  const [graph, otherGraph] = directory.principalsByAppId(microsoftGraphAppId);
  return graph === undefined || otherGraph !== undefined ? null : graph;
}
