import { neededScopes } from '../rules/consent-granted.ts';
import { consentFacts } from './plan-consent.ts';
import { manual, none, type Planned, planned } from './planned.ts';
import { grantPath, selecting } from './plan-url.ts';
import { consentByHand } from './runbooks/consent-by-hand.ts';
import type { AppContext } from './app-context.ts';

/**
 * Adds the scopes that the tenant-wide consent lacks (domain facts 5, second row). The text is replaced by the service, so
 * what is there stays as it is written, blanks included, and what is missing follows.
 */
export function planMissingScopes(context: AppContext): Planned {
  const facts = consentFacts(context);
  if (facts.kind !== 'consent') return facts;
  const { principal, graph, grants, tenantWide } = facts;
  const [grant, otherGrant] = tenantWide;
  if (grant === undefined) return none('The app has no tenant-wide consent on Microsoft Graph to add to');
  if (otherGrant !== undefined) return manual(consentByHand(context, principal, graph, grants));
  const held = new Set(grant.scopes.map((scope) => scope.toLowerCase()));
  const missing = neededScopes.filter((scope) => !held.has(scope.toLowerCase()));
  if (missing.length === 0) return none('The consent has all three scopes');
  const { scopeAsRead: old } = grant;
  if (old === undefined || old === null) return none('The text of the consent was not in what was read');
  const gap = old === '' || /\s$/u.test(old) ? '' : ' ';
  const scope = `${old}${gap}${missing.join(' ')}`;
  const url = grantPath(grant.id);
  const { clientId, consentType, resourceId } = grant;
  const same = { '/clientId': clientId, '/consentType': consentType, '/resourceId': resourceId };
  return planned(
    {
      action: 'add-missing-scopes',
      risk: 'safe',
      target: { type: 'oauth2PermissionGrant', id: grant.id, name: principal.displayName },
      calls: [
        {
          method: 'PATCH',
          url,
          body: { scope },
          permission: 'DelegatedPermissionGrant.ReadWrite.All',
          reads: {
            url: selecting(url, 'clientId', 'consentType', 'resourceId', 'scope'),
            expect: { ...same, '/scope': old },
            afterwards: { ...same, '/scope': scope },
          },
          undo: { method: 'PATCH', url, body: { scope: old } },
          before: { scope: old },
          after: { scope },
        },
      ],
    },
    context.account,
  );
}
