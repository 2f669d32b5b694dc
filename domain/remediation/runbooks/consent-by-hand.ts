import type { OAuth2PermissionGrant, ServicePrincipal } from '../../model/directory.ts';
import { neededScopes } from '../../rules/consent-granted.ts';
import type { AppContext } from '../app-context.ts';
import { graphCall, look, signIn } from './calls.ts';
import { shown } from './shell.ts';
import { aboutAccount, type ManualTask, type RunbookStep } from './task.ts';

const scopes = ['DelegatedPermissionGrant.ReadWrite.All', 'Application.Read.All'];
const rights = 'Cloud Application Administrator.';

/** The app has consents of another sort, or several of one: which of them to write to is for a person. */
export function consentByHand(
  { account, directory }: AppContext,
  principal: ServicePrincipal,
  graph: ServicePrincipal,
  grants: readonly OAuth2PermissionGrant[],
): ManualTask {
  const body = {
    clientId: principal.id,
    consentType: 'AllPrincipals',
    resourceId: graph.id,
    scope: neededScopes.join(' '),
  };
  return {
    runbook: 'consent-by-hand',
    title: `Grant tenant-wide consent to ${shown(principal.displayName)}`,
    why: `The app has ${String(grants.length)} consents already, of which none is the one tenant-wide consent that could be added to.`,
    about: aboutAccount(account),
    rights,
    breaks: 'Nothing: consent only adds.',
    steps: [
      signIn(directory.facts.tenantId, null, scopes),
      lookAtGrants(principal),
      {
        does: 'Grant the three scopes for the whole tenant. If it answers "Permission entry already exists", change that entry with PATCH instead, and keep the scopes it has.',
        commands: graphCall('POST', '/v1.0/oauth2PermissionGrants', body),
        check: 'The answer is 201 and shows an id; note it.',
        back: `DELETE /v1.0/oauth2PermissionGrants/ with the id that was noted. The consents of before are: ${grants.map(({ id, consentType }) => `${shown(id)} (${consentType})`).join(', ')}.`,
      },
    ],
  };
}

/** Who holds the app's credential may use every scope it has: a person finds out who added them before they go. */
export function reduceConsent(
  { account, directory }: AppContext,
  principal: ServicePrincipal,
  why: string,
): ManualTask {
  const needed = new Set(neededScopes.map((scope) => scope.toLowerCase()));
  const wide = directory
    .grantsByClient(principal.id)
    .filter(({ scopes: held }) => held.some((scope) => !needed.has(scope.toLowerCase())));
  return {
    runbook: 'reduce-consent',
    title: `Take scopes that tickets do not need off ${shown(principal.displayName)}`,
    why,
    about: aboutAccount(account),
    rights,
    breaks: 'Whatever uses the app for something else than tickets loses that access. Tickets go on.',
    steps: [
      signIn(directory.facts.tenantId, null, scopes),
      lookAtGrants(principal),
      ...wide.map((grant): RunbookStep => {
        const path = `/v1.0/oauth2PermissionGrants/${grant.id}`;
        const old = grant.scopeAsRead ?? grant.scopes.join(' ');
        const kept = grant.scopes.filter((scope) => needed.has(scope.toLowerCase()));
        return {
          does: `Take off what is beyond the three: ${grant.scopes
            .filter((scope) => !needed.has(scope.toLowerCase()))
            .map(shown)
            .join(', ')}.`,
          commands: graphCall('PATCH', path, { scope: kept.join(' ') }),
          check: `GET ${path} shows ${kept.join(' ') || 'no scope'}.`,
          back: graphCall('PATCH', path, { scope: old })[0]?.line ?? '',
        };
      }),
    ],
  };
}

function lookAtGrants({ id }: ServicePrincipal): RunbookStep {
  return look(
    'Look at the consents that are there, and find out who gave them (Entra audit log, "Consent to application").',
    graphCall('GET', `/v1.0/oauth2PermissionGrants?$filter=clientId%20eq%20'${id}'`),
    'Each is understood, and nobody minds the change.',
  );
}
