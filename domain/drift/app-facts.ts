import { effectOn } from '../conditional-access/compile.ts';
import type { Collection } from '../model/collection.ts';
import type { PasswordCredential } from '../model/directory.ts';
import type { Directory } from '../rules/directory.ts';
import type { StorageApp } from '../rules/storage-app.ts';
import { appProperty } from './fact-names.ts';
import { type FactValue, folded, listFact, type SeenFacts } from './fact-values.ts';

/** undefined: it could not be read. */
type Reading = FactValue | undefined;

/** The watched facts of one storage app: its principal, its application, its consent and the policies that reach it. */
export function appFacts(app: StorageApp, directory: Directory): SeenFacts {
  const readings: Readonly<Record<string, Reading>> = {
    ...principalFacts(app, directory),
    ...applicationFacts(app, directory),
    policies: policiesFact(app, directory),
  };
  const values: Record<string, FactValue> = {};
  const unread: string[] = [];
  for (const [name, reading] of Object.entries(readings)) {
    const property = appProperty(app.appId, name);
    if (reading === undefined) unread.push(property);
    else values[property] = reading;
  }
  return { values, unread };
}

function principalFacts({ principal }: StorageApp, directory: Directory): Record<string, Reading> {
  if (!('object' in principal)) {
    const none = principal.state === 'missing' ? null : undefined;
    return {
      principalId: none,
      accountEnabled: none,
      disabledByMicrosoftStatus: none,
      appRoleAssignmentRequired: none,
      servicePrincipalNames: none,
      credentials: none,
      consentedScopes: none,
    };
  }
  const { id, accountEnabled, appRoleAssignmentRequired, servicePrincipalNames, passwordCredentials } =
    principal.object;
  return {
    principalId: id,
    accountEnabled: accountEnabled ?? undefined,
    disabledByMicrosoftStatus: principal.object.disabledByMicrosoftStatus,
    appRoleAssignmentRequired: appRoleAssignmentRequired ?? undefined,
    servicePrincipalNames: listFact(servicePrincipalNames.map((name) => name.toLowerCase())),
    credentials: credentialsFact(passwordCredentials),
    consentedScopes: whenWhole(directory.facts.oauth2PermissionGrants, () =>
      listFact(
        directory
          .grantsByClient(id)
          .filter(({ consentType }) => consentType.toLowerCase() === 'allprincipals')
          .flatMap(({ resourceId, scopes }) => scopes.map((scope) => `${resourceId} ${scope.toLowerCase()}`)),
      ),
    ),
  };
}

function applicationFacts({ application }: StorageApp, { facts }: Directory): Record<string, Reading> {
  if (application === null) {
    const none = facts.applications.state === 'known' ? null : undefined;
    return { applicationId: none, identifierUris: none, tags: none, applicationCredentials: none, owners: none };
  }
  const { id, identifierUris, tags, passwordCredentials, ownerIds } = application;
  return {
    applicationId: id,
    identifierUris: listFact(identifierUris.map((uri) => uri.toLowerCase())),
    tags: listFact(tags),
    applicationCredentials: credentialsFact(passwordCredentials),
    owners: ownersFact(ownerIds),
  };
}

/** Microsoft Graph expands 20 at most, in no promised order: a list that may be cut off is unread. */
const mostOwners = 20;

function ownersFact(ownerIds: readonly string[] | null): Reading {
  if (ownerIds === null || ownerIds.length >= mostOwners) return undefined;
  return listFact(ownerIds.map((owner) => owner.toLowerCase()));
}

/** Which credentials there are and when they end; never what they are. */
function credentialsFact(credentials: readonly PasswordCredential[] | null): Reading {
  if (credentials === null) return undefined;
  const ends = (endsAt: number | null): string => (endsAt === null ? 'never' : new Date(endsAt).toISOString());
  return listFact(credentials.map(({ keyId, endsAt }) => `${folded(keyId) ?? ''} ends ${ends(endsAt)}`));
}

/** Policies that have an effect on the app, each with the kind of it. What rests on an unread attribute is unread. */
function policiesFact(app: StorageApp, { facts, compiledPolicies }: Directory): Reading {
  if (facts.conditionalAccessPolicies.state !== 'known') return undefined;
  const securityAttributes = 'object' in app.principal ? app.principal.object.securityAttributes : null;
  const effects = compiledPolicies.map((compiled) => ({
    id: compiled.policy.id ?? compiled.policy.displayName,
    effect: effectOn(compiled, { appId: app.appId, securityAttributes }),
  }));
  if (effects.some(({ effect }) => effect.kind === 'undecided' && effect.needs !== null)) return undefined;
  return listFact(
    effects
      .filter(({ effect }) => effect.kind !== 'none')
      .map(({ id, effect }) => `${id} ${effect.kind}${effect.latent ? ' (report-only)' : ''}`),
  );
}

function whenWhole(collection: Collection<unknown>, read: () => FactValue): Reading {
  return collection.state === 'known' ? read() : undefined;
}
