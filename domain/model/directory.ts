/** An application object of the tenant (Graph `application`). */
export interface Application {
  /** Object id, lower case. */
  readonly id: string;
  /** Client id, lower case. */
  readonly appId: string;
  readonly displayName: string;
  readonly identifierUris: readonly string[];
  readonly tags: readonly string[];
  /** null: the property was not there, which is not the same as an empty list. */
  readonly passwordCredentials: readonly PasswordCredential[] | null;
  /** Certificates and keys; null: the property was not there. */
  readonly keyCredentials: readonly PasswordCredential[] | null;
  /** Epoch milliseconds, UTC; null where not said. */
  readonly createdAt: number | null;
  /** Object ids of its owners, lower case; null: not read. */
  readonly ownerIds: readonly string[] | null;
  /** Where sign-ins may be sent: of the web, single-page and public client platforms together; null: not read. */
  readonly redirectUris: readonly string[] | null;
}

/** A service principal of the tenant (Graph `servicePrincipal`). */
export interface ServicePrincipal {
  /** Object id, lower case. */
  readonly id: string;
  /** Client id, lower case. */
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalNames: readonly string[];
  /** null: not read. */
  readonly accountEnabled: boolean | null;
  /** Set when Microsoft disabled it; null otherwise. */
  readonly disabledByMicrosoftStatus: string | null;
  readonly appRoleAssignmentRequired: boolean | null;
  readonly tags: readonly string[];
  /** null: the property was not there, which is not the same as an empty list. */
  readonly passwordCredentials: readonly PasswordCredential[] | null;
  /** Certificates and keys; null: the property was not there. */
  readonly keyCredentials: readonly PasswordCredential[] | null;
  /** Object ids of its own owners, who need not be those of its application; lower case; null: not read. */
  readonly ownerIds: readonly string[] | null;
  /** null: not read. Empty: it has none. */
  readonly securityAttributes: SecurityAttributes | null;
  /** The tenant that its application is registered in, lower case; null: not said. */
  readonly ownerTenantId: string | null;
}

/** Custom security attributes: by attribute set, then by attribute, as spelled on the wire. */
export type SecurityAttributes = Readonly<Record<string, Readonly<Record<string, SecurityAttributeValue>>>>;

export type SecurityAttributeValue = string | number | boolean | readonly (string | number)[];

/** The dates of a secret or key; what it holds is never read. Times are epoch milliseconds, UTC; null where the source had null. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
}

/**
 * A delegated consent (Graph `oAuth2PermissionGrant`). `id` is base64url and kept as it came, since a write needs it so; the
 * other ids are lower case. `scopes` are tokens as written, blanks dropped.
 */
export interface OAuth2PermissionGrant {
  readonly id: string;
  /** Object id of the client's service principal. */
  readonly clientId: string;
  /** `AllPrincipals`, `Principal`; unknown values are kept. */
  readonly consentType: string;
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  readonly scopes: readonly string[];
  /** `scope` as it came, since a write replaces it; null where it was null, absent where an older version stored it. */
  readonly scopeAsRead?: string | null | undefined;
}

/** The appId of Microsoft Graph, the same in every tenant and cloud (domain facts 2.1, 4). */
export const microsoftGraphAppId = '00000003-0000-0000-c000-000000000000';
