import type { WireObject } from './wire-object.ts';

/** appId of Microsoft Graph, the same in every tenant and cloud. */
export const microsoftGraphAppId = '00000003-0000-0000-c000-000000000000';

export interface StorageApplicationIds {
  readonly tenantId: string;
  readonly appId: string;
  /** Object id of the application. */
  readonly applicationId: string;
  /** Object id of the service principal. */
  readonly principalId: string;
  readonly keyId: string;
}

/** The six names of one host: with and without `api://<tenantId>/`, for HOST, CIFS and HTTP. */
export function storageIdentifierUris(tenantId: string, host: string): string[] {
  const services = ['HOST', 'CIFS', 'HTTP'];
  return [
    ...services.map((service) => `api://${tenantId}/${service}/${host}`),
    ...services.map((service) => `${service}/${host}`),
  ];
}

/** The display name the storage provider gives, by which it also finds its own objects again. */
export function storageDisplayName(host: string): string {
  return `[Storage Account] ${host}`;
}

/** The application the storage provider makes when an account is switched to Microsoft Entra Kerberos. */
export function storageApplication(ids: StorageApplicationIds, host: string, createdAt: Date): WireObject {
  return {
    id: ids.applicationId,
    deletedDateTime: null,
    appId: ids.appId,
    createdDateTime: createdAt.toISOString(),
    displayName: storageDisplayName(host),
    groupMembershipClaims: 'All',
    identifierUris: storageIdentifierUris(ids.tenantId, host),
    publisherDomain: 'contoso.onmicrosoft.com',
    signInAudience: 'AzureADMyOrg',
    tags: [],
    keyCredentials: [],
    passwordCredentials: [],
    owners: [],
    ...noRedirectUris(),
    requiredResourceAccess: [
      {
        resourceAppId: microsoftGraphAppId,
        // openid, profile, User.Read: asked for, never consented to by the provider.
        resourceAccess: [
          { id: '37f7f235-527c-4136-accd-4a02d197296e', type: 'Scope' },
          { id: '14dad69e-099b-42c9-810b-d002981feec1', type: 'Scope' },
          { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
        ],
      },
    ],
  };
}

/** What an application has that nobody signs in to on a page. */
export function noRedirectUris() {
  return {
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      redirectUriSettings: [],
    },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
  };
}

/** Its service principal, with the year-long password of the ticket service on it. */
export function storageServicePrincipal(ids: StorageApplicationIds, host: string, createdAt: Date): WireObject {
  const end = new Date(createdAt);
  end.setUTCFullYear(end.getUTCFullYear() + 1);
  return {
    id: ids.principalId,
    deletedDateTime: null,
    accountEnabled: true,
    appId: ids.appId,
    appDisplayName: storageDisplayName(host),
    appOwnerOrganizationId: ids.tenantId,
    appRoleAssignmentRequired: false,
    createdDateTime: createdAt.toISOString(),
    disabledByMicrosoftStatus: null,
    displayName: storageDisplayName(host),
    servicePrincipalNames: [ids.appId, ...storageIdentifierUris(ids.tenantId, host)],
    servicePrincipalType: 'Application',
    signInAudience: 'AzureADMyOrg',
    tags: [],
    owners: [],
    keyCredentials: [],
    passwordCredentials: [
      {
        customKeyIdentifier: null,
        displayName: null,
        endDateTime: end.toISOString(),
        hint: null,
        keyId: ids.keyId,
        secretText: null,
        startDateTime: createdAt.toISOString(),
      },
    ],
  };
}
