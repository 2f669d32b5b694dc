import { microsoftGraphAppId } from '../../../domain/model/directory.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { account, appId, appNames, graphPrincipalId, guid, host, principalId, tenantId } from '../build.ts';
import { kerberosAccount, principalIdOf, storageAppOf } from '../estate.ts';
import type { StorageAccount } from '../../../domain/model/storage-account.ts';

/** Objects as Microsoft Graph and ARM send them, in which all is well for `account()`. */
export function wireApplication(over: WireObject = {}): WireObject {
  return {
    '@odata.type': '#microsoft.graph.application',
    id: guid(0xd),
    appId,
    displayName: `[Storage Account] ${host}`,
    identifierUris: appNames(),
    tags: [],
    requiredResourceAccess: [{ resourceAppId: microsoftGraphAppId, resourceAccess: [] }],
    createdDateTime: '2026-02-01T10:11:12.1234567Z',
    passwordCredentials: [],
    keyCredentials: [],
    web: { redirectUris: [] },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    owners: [],
    ...over,
  };
}

export function wirePrincipal(over: WireObject = {}): WireObject {
  return {
    id: principalId,
    appId,
    displayName: `[Storage Account] ${host}`,
    accountEnabled: true,
    disabledByMicrosoftStatus: null,
    appRoleAssignmentRequired: false,
    servicePrincipalNames: [appId, ...appNames()],
    servicePrincipalType: 'Application',
    tags: [],
    passwordCredentials: [],
    keyCredentials: [],
    appOwnerOrganizationId: tenantId,
    owners: [],
    customSecurityAttributes: null,
    ...over,
  };
}

export function wireGraphPrincipal(): WireObject {
  return wirePrincipal({
    id: graphPrincipalId,
    appId: microsoftGraphAppId,
    displayName: 'Microsoft Graph',
    servicePrincipalNames: [microsoftGraphAppId, 'https://graph.microsoft.com'],
  });
}

export function wireGrant(over: WireObject = {}): WireObject {
  return {
    id: 'l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk',
    clientId: principalId,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: graphPrincipalId,
    scope: ' openid profile User.Read',
    ...over,
  };
}

export const policyId = guid(0x100);

/** "Require MFA for all users" on all resources, as the portal leaves it. */
export function wirePolicy(over: WireObject = {}, applications: WireObject = {}): WireObject {
  return {
    id: policyId,
    templateId: null,
    displayName: 'Require MFA for all users',
    createdDateTime: '2026-01-01T00:00:00.0000001Z',
    modifiedDateTime: '2026-03-04T05:06:07.1234567Z',
    state: 'enabled',
    conditions: {
      userRiskLevels: [],
      signInRiskLevels: [],
      servicePrincipalRiskLevels: [],
      insiderRiskLevels: null,
      clientAppTypes: ['all'],
      platforms: null,
      locations: null,
      devices: null,
      clientApplications: null,
      authenticationFlows: null,
      applications: {
        includeApplications: ['All'],
        excludeApplications: [],
        includeUserActions: [],
        includeAuthenticationContextClassReferences: [],
        applicationFilter: null,
        ...applications,
      },
      users: { includeUsers: ['All'], excludeUsers: [guid(0x77)], includeGroups: [], excludeGroups: [] },
    },
    grantControls: {
      operator: 'OR',
      builtInControls: ['mfa'],
      customAuthenticationFactors: [],
      termsOfUse: [],
      authenticationStrength: null,
    },
    sessionControls: { signInFrequency: { value: 4, type: 'hours', isEnabled: true } },
    ...over,
  };
}

export function wireFileService(properties: WireObject = {}, smb: WireObject = {}): WireObject {
  return {
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    id: `${account().id}/fileServices/default`,
    name: 'default',
    type: 'Microsoft.Storage/storageAccounts/fileServices',
    properties: {
      protocolSettings: {
        smb: { versions: 'SMB3.0;SMB3.1.1;', channelEncryption: 'AES-256-GCM', ...smb },
        nfs: { encryptionInTransit: { required: true } },
      },
      cors: {
        corsRules: [
          {
            allowedOrigins: ['*'],
            allowedMethods: ['GET'],
            allowedHeaders: [],
            exposedHeaders: [],
            maxAgeInSeconds: 5,
          },
        ],
      },
      shareDeleteRetentionPolicy: { enabled: true, days: 14 },
      ...properties,
    },
  };
}

/** What the provider makes for each of these accounts, in `storageAppOf`'s ids, and the accounts. */
export function wireEstate(names: readonly string[]): {
  readonly accounts: readonly StorageAccount[];
  readonly applications: readonly WireObject[];
  readonly servicePrincipals: readonly WireObject[];
} {
  const apps = names.map((name, number) => ({ ...storageAppOf(name, number), id: principalIdOf(number) }));
  return {
    accounts: names.map((name) => kerberosAccount(name)),
    applications: apps.map(({ application: { id, appId: app, displayName, identifierUris } }) =>
      wireApplication({ id, appId: app, displayName, identifierUris }),
    ),
    servicePrincipals: [
      wireGraphPrincipal(),
      ...apps.map(({ id, principal: { appId: app, displayName, servicePrincipalNames } }) =>
        wirePrincipal({ id, appId: app, displayName, servicePrincipalNames }),
      ),
    ],
  };
}
