import { gapsOf } from '../model/collection.ts';
import { microsoftGraphAppId } from '../model/directory.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgeStorageApps, type StorageAppToJudge } from './app-rule.ts';
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
  evaluate: (context) => judgeStorageApps(consentGranted, context, (app) => judge(app, context.directory)),
};

function judge(app: StorageAppToJudge, directory: Directory): Verdict {
  const { severity } = consentGranted;
  if (app.principal.state === 'unread') {
    return verdict('unknown', severity, 'The service principal that consent is given to was not read', {
      gaps: app.principal.gaps,
    });
  }
  const { facts } = directory;
  const principalId = app.principal.object.id;
  const graph = directory.principalsByAppId(microsoftGraphAppId).map(({ id }) => id);
  const grants = directory.grantsByClient(principalId);
  const counted = grants.filter(
    (grant) => grant.consentType.toLowerCase() === 'allprincipals' && graph.includes(grant.resourceId),
  );
  const held = new Set(counted.flatMap((grant) => grant.scopes).map((scope) => scope.toLowerCase()));
  const missing = neededScopes.filter((scope) => !held.has(scope.toLowerCase()));
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
  const gaps = [
    // Without a Microsoft Graph principal in the whole list no grant could count, whatever was not read of them.
    ...(graph.length === 0 ? gapsOf(facts.servicePrincipals) : gapsOf(facts.oauth2PermissionGrants)),
  ];
  if (gaps.length > 0) {
    return verdict('unknown', severity, 'Consents were not read whole, and none seen is enough', { ...told, gaps });
  }
  return verdict('fail', 'critical', `Tenant-wide consent lacks ${missing.join(', ')}: no ticket is issued`, told);
}
