import { gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import { neededScopes } from './consent-granted.ts';
import type { Directory } from './directory.ts';
import type { AccountRule } from './rule.ts';
import { byCodeUnit, verdict } from './verdicts.ts';

/** A storage app needs three scopes; more were added by somebody, and serve whoever holds the app's credential. */
export const consentMinimal: AccountRule = {
  about: 'account',
  id: 'consent-minimal',
  statement: 'Nobody has consented to more than openid, profile and User.Read for the storage app',
  why: 'Issuing tickets takes these three scopes. More means that somebody edited the app, or uses it for something else.',
  severity: 'low',
  needs: ['storage-accounts', 'applications', 'service-principals', 'oauth2-permission-grants'],
  helpedBy: [],
  symptom: null,
  remediation: { summary: 'Find out who added the scopes and why, then take them off the grant', action: null },
  thresholds: {},
  evaluate: (context) => judgePrincipals(consentMinimal, context, (app) => judge(app, context.directory)),
};

function judge(app: PrincipalToJudge, directory: Directory): Verdict {
  const { severity } = consentMinimal;
  const principalId = app.principal.object.id;
  // Whatever the resource and whoever consented: each is something that the app may do.
  const wide = directory
    .grantsByClient(principalId)
    .map((grant) => ({ ...grant, extraScopes: beyondNeeded(grant.scopes) }))
    .filter(({ extraScopes }) => extraScopes.length > 0)
    .sort((a, b) => byCodeUnit(a.id, b.id));
  const told = {
    evidence: {
      grants: wide.map(({ id, consentType, resourceId, extraScopes }) => ({
        id,
        consentType,
        resourceId,
        extraScopes,
      })),
      readFrom: 'oauth2-permission-grants',
    },
    deciders: [principalId, ...wide.map(({ id }) => id)],
  };
  if (wide.length > 0) {
    const scopes = beyondNeeded(wide.flatMap(({ extraScopes }) => extraScopes)).join(', ');
    return verdict('warn', 'low', `‹${app.displayName}› has consent for more than tickets need: ${scopes}`, told);
  }
  const gaps = gapsOf(directory.facts.oauth2PermissionGrants);
  if (gaps.length > 0) {
    return verdict('unknown', severity, 'No wider consent seen, in grants that were not read whole', { ...told, gaps });
  }
  return verdict('pass', severity, 'The storage app has consent for what tickets need, and nothing more', told);
}

/** Each scope once, in the spelling that sorts first; sorted. */
function beyondNeeded(scopes: readonly string[]): readonly string[] {
  const needed = new Set(neededScopes.map((scope) => scope.toLowerCase()));
  const extra = new Map(
    scopes
      .toSorted(byCodeUnit)
      .toReversed()
      .map((scope) => [scope.toLowerCase(), scope]),
  );
  return [...extra]
    .filter(([folded]) => !needed.has(folded))
    .map(([, scope]) => scope)
    .sort();
}
