import { gapsOf } from '../model/collection.ts';
import { microsoftGraphAppId, type OAuth2PermissionGrant } from '../model/directory.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import type { Directory } from './directory.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** What the storage app asks of Microsoft Graph (domain facts 2.1). */
export const neededScopes = ['openid', 'profile', 'User.Read'] as const;

/** Enabling Entra Kerberos never grants consent; an administrator does, for the whole tenant. */
export const consentGranted: AccountRule = {
  about: 'account',
  id: 'consent-granted',
  statement: 'The storage app has tenant-wide consent for openid, profile and User.Read on Microsoft Graph',
  why: "Without an administrator's consent Entra issues no ticket for the app. Consent by single users does not count.",
  severity: 'critical',
  needs: ['storage-accounts', 'applications', 'service-principals', 'oauth2-permission-grants'],
  helpedBy: [],
  symptom: 'No Kerberos ticket; AADSTS65001 in the sign-in logs',
  remediation: { summary: 'Grant admin consent to the storage app', action: 'grant-consent' },
  thresholds: {},
  evaluate: (context) => judgePrincipals(consentGranted, context, (app) => judge(app, context.directory)),
};

function judge(app: PrincipalToJudge, directory: Directory): Verdict {
  const { severity } = consentGranted;
  const { facts } = directory;
  const principalId = app.principal.object.id;
  const graph = directory.principalsByAppId(microsoftGraphAppId).map(({ id }) => id);
  const grants = directory.grantsByClient(principalId);
  const counted = grants.filter(
    (grant) => grant.consentType.toLowerCase() === 'allprincipals' && graph.includes(grant.resourceId),
  );
  const held = scopesOf(counted);
  const missing = missingFrom(held);
  const grantIds = [...new Set(counted.map(({ id }) => id))].sort();
  const told = {
    evidence: {
      missingScopes: missing,
      grantedScopes: [...held].sort(),
      grantIds,
      microsoftGraphPrincipalIds: graph.toSorted(),
      uncountedGrants: grants.length - counted.length,
      readFrom: 'oauth2-permission-grants',
    },
    deciders: [principalId, ...grantIds],
  };
  if (missing.length === 0) return verdict('pass', severity, 'Tenant-wide consent is granted', told);
  const graphGaps = graph.length === 0 ? gapsOf(facts.servicePrincipals) : [];
  const grantGaps = gapsOf(facts.oauth2PermissionGrants);
  if (grantGaps.length > 0) {
    const title = 'Consents were not read whole, and none seen is enough';
    return verdict('unknown', severity, title, { ...told, gaps: [...graphGaps, ...grantGaps] });
  }
  // A type of consent that is not known may be tenant-wide, and every tenant has Microsoft Graph, seen or not.
  const perhaps = grants.filter(
    ({ consentType, resourceId }) =>
      consentType.toLowerCase() !== 'principal' && (graph.length === 0 || graph.includes(resourceId)),
  );
  if (missingFrom(scopesOf(perhaps)).length === 0) {
    return verdict('unknown', severity, doubtAbout(perhaps, graph), { ...told, gaps: graphGaps });
  }
  return verdict('fail', 'critical', `Tenant-wide consent lacks ${missing.join(', ')}: no ticket is issued`, told);
}

/** Lower case. */
function scopesOf(grants: readonly OAuth2PermissionGrant[]): ReadonlySet<string> {
  return new Set(grants.flatMap(({ scopes }) => scopes).map((scope) => scope.toLowerCase()));
}

function missingFrom(held: ReadonlySet<string>): readonly string[] {
  return neededScopes.filter((scope) => !held.has(scope.toLowerCase()));
}

function doubtAbout(perhaps: readonly OAuth2PermissionGrant[], graph: readonly string[]): string {
  if (graph.length === 0) {
    return 'Microsoft Graph is not among the service principals that were read, so whether consent is for it cannot be told';
  }
  const types = perhaps.map(({ consentType }) => consentType).filter((type) => type.toLowerCase() !== 'allprincipals');
  return `Whether consent of type ‹${[...new Set(types)].sort().join(', ')}› counts is not known here`;
}
