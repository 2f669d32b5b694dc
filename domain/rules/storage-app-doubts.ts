import type { PasswordCredential } from '../model/directory.ts';
import type { StorageAccount } from '../model/storage-account.ts';
import type { Evidence } from '../model/verdict.ts';
import { privateLinkHost, ticketNames } from './storage-app-names.ts';
import type { StorageApp, StorageAppTier } from './storage-app.ts';
import { byCodeUnit } from './verdicts.ts';

/** Something that an app made for this account would not show. */
export interface StorageAppDoubt {
  readonly reason:
    | 'foreign-tenant'
    | 'owners'
    | 'credentials'
    | 'redirect-uris'
    | 'unexpected-uris'
    | 'older-than-account'
    | 'not-by-spn';
  /** Follows the app's name in a sentence. */
  readonly says: string;
  /** What it rests on; lists sorted. */
  readonly evidence: Evidence;
}

export interface StorageAppDoubts {
  /** Gravest first: who can act as the app, then what it was made for, then how it was found. */
  readonly found: readonly StorageAppDoubt[];
  /** What could have shown more and was not in what was read, as on the wire; sorted. */
  readonly notRead: readonly string[];
}

/**
 * Whether the one app that claims an account may be an impostor. Anybody who may register applications can take a
 * display name, and names that nobody holds: what then gets consent and an exclusion from MFA must not be theirs.
 */
export function storageAppDoubts(
  app: StorageApp,
  tier: StorageAppTier,
  account: StorageAccount,
  tenantId: string,
): StorageAppDoubts {
  const { application } = app;
  const principal = 'object' in app.principal ? app.principal.object : null;
  const owners = partsOf([application?.ownerIds, principal?.ownerIds]);
  const passwords = application?.passwordCredentials ?? null;
  const keys = partsOf([application?.keyCredentials, principal?.keyCredentials]);
  const credentials = credentialEvidence([...(passwords ?? []), ...keys.seen]);
  const redirectUris = application?.redirectUris ?? null;
  const createdAt = application?.createdAt ?? null;
  const uris = unexpectedUris(app, account, tenantId);
  const older = createdAt !== null && account.createdAt !== null && createdAt < account.createdAt;
  const owner = principal?.ownerTenantId ?? null;
  const doubts: readonly (StorageAppDoubt | null)[] = [
    owner === null || owner === tenantId.toLowerCase()
      ? null
      : {
          reason: 'foreign-tenant',
          says: 'belongs to another tenant, whose administrators can act as it',
          evidence: { appOwnerOrganizationId: owner },
        },
    whereAny('owners', 'has owners, who can add credentials to it', 'ownerIds', owners.seen),
    credentials.length === 0
      ? null
      : {
          reason: 'credentials',
          says: 'carries credentials that the storage provider does not give: whoever holds one that is valid can act as it',
          evidence: { credentials },
        },
    whereAny(
      'redirect-uris',
      'has redirect URIs, as an app that people sign in to',
      'redirectUris',
      redirectUris ?? [],
    ),
    whereAny('unexpected-uris', "carries names that are not of the account's host", 'uris', uris),
    older
      ? {
          reason: 'older-than-account',
          says: 'was made before the account was',
          evidence: { createdDateTime: isoOf(createdAt), creationTime: isoOf(account.createdAt) },
        }
      : null,
    tier === 'servicePrincipalName'
      ? null
      : {
          reason: 'not-by-spn',
          says: 'does not carry its names as service principal names',
          evidence: { foundBy: tier },
        },
  ];
  return {
    found: doubts.filter((doubt) => doubt !== null),
    notRead: [
      ...(principal !== null && owner === null ? ['appOwnerOrganizationId'] : []),
      ...(createdAt === null ? ['createdDateTime'] : []),
      ...(account.createdAt === null ? ['creationTime'] : []),
      ...(keys.whole ? [] : ['keyCredentials']),
      ...(owners.whole ? [] : ['owners']),
      ...(passwords === null ? ['passwordCredentials'] : []),
      ...(redirectUris === null ? ['redirectUris'] : []),
    ],
  };
}

/** The same list of the application and of the principal: all that was seen, and whether both were read. */
function partsOf<T>(parts: readonly (readonly T[] | null | undefined)[]): {
  readonly seen: readonly T[];
  readonly whole: boolean;
} {
  return {
    seen: parts.flatMap((part) => part ?? []),
    whole: parts.every((part) => part !== null && part !== undefined),
  };
}

/** Ids and dates; the provider's own password is on the principal, and is none of these. */
function credentialEvidence(credentials: readonly PasswordCredential[]) {
  return credentials
    .map(({ keyId, startsAt, endsAt }) => ({
      keyId,
      startDateTime: startsAt === null ? null : isoOf(startsAt),
      endDateTime: endsAt === null ? null : isoOf(endsAt),
    }))
    .sort((a, b) => byCodeUnit(a.keyId, b.keyId));
}

function whereAny(
  reason: StorageAppDoubt['reason'],
  says: string,
  name: string,
  values: readonly string[],
): StorageAppDoubt | null {
  return values.length === 0 ? null : { reason, says, evidence: { [name]: [...new Set(values)].sort() } };
}

/** Of the application and of its principal, what is neither a name of the host nor the app's own id; lower case. */
function unexpectedUris({ appId, application, principal }: StorageApp, account: StorageAccount, tenantId: string) {
  const { host } = account;
  const expected = new Set([
    ...ticketNames(host, tenantId).map(({ name }) => name.toLowerCase()),
    ...ticketNames(host === null ? null : privateLinkHost(host), tenantId).map(({ name }) => name.toLowerCase()),
    appId,
    `api://${appId}`,
  ]);
  const held = [
    ...(application?.identifierUris ?? []),
    ...('object' in principal ? principal.object.servicePrincipalNames : []),
  ];
  return held.map((uri) => uri.toLowerCase()).filter((uri) => !expected.has(uri));
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
