import { microsoftGraphAppId, noRedirectUris } from '../azure/storage-application.ts';
import type { WireObject } from '../azure/wire-object.ts';
import { forOneUser, tenantWide } from './consents.ts';
import { businessAppIdOf, businessApps } from './directory-ids.ts';
import { daysFrom, guidFor, sampleTenantId } from './names.ts';
import type { DirectoryObjects } from './storage-apps.ts';

const microsoftTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

const microsoftApps: Readonly<Record<string, string>> = {
  'Microsoft Graph': microsoftGraphAppId,
  'Windows Azure Active Directory': '00000002-0000-0000-c000-000000000000',
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  'Office 365 SharePoint Online': '00000003-0000-0ff1-ce00-000000000000',
  // Keeps the principals of storage accounts; an app management policy can stand in its way.
  'Storage Resource Provider': 'a6aa9161-5291-40bb-8c5c-923b567bee3b',
};

/** What else a directory holds: Microsoft's own principals and line-of-business apps. */
export function unrelatedApps(now: Date): DirectoryObjects {
  return {
    applications: businessApps.map((name, index) => ({
      ...common(name, businessAppIdOf(name), `application/${name}`),
      createdDateTime: daysFrom(now, -600).toISOString(),
      owners: [{ '@odata.type': '#microsoft.graph.user', id: guidFor('user/adele') }],
      ...noRedirectUris(),
      web: { ...noRedirectUris().web, redirectUris: [`https://apps.contoso.com/${String(index)}/signed-in`] },
      identifierUris: [`api://${businessAppIdOf(name)}`],
      signInAudience: 'AzureADMyOrg',
      passwordCredentials: [password(name, now)],
    })),
    servicePrincipals: [
      ...Object.entries(microsoftApps).map(([name, appId]) => principal(name, appId, microsoftTenantId)),
      ...businessApps.map((name) => principal(name, businessAppIdOf(name), sampleTenantId)),
    ],
  };
}

/** Their consents; every third one for a single user. */
export function unrelatedConsents(): WireObject[] {
  return businessApps.map((name, index) => {
    const clientId = guidFor(`service-principal/${name}`);
    return index % 3 === 2 ? forOneUser(clientId, 'User.Read') : tenantWide(clientId, 'openid profile User.Read');
  });
}

function principal(name: string, appId: string, owner: string): WireObject {
  return {
    ...common(name, appId, `service-principal/${name}`),
    accountEnabled: true,
    appDisplayName: name,
    appOwnerOrganizationId: owner,
    appRoleAssignmentRequired: false,
    disabledByMicrosoftStatus: null,
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
    passwordCredentials: [],
  };
}

function common(displayName: string, appId: string, idName: string): WireObject {
  return { id: guidFor(idName), deletedDateTime: null, appId, displayName, tags: [], keyCredentials: [] };
}

function password(name: string, now: Date): WireObject {
  return {
    customKeyIdentifier: null,
    displayName: 'client secret',
    endDateTime: daysFrom(now, 60).toISOString(),
    hint: 'c0n',
    keyId: guidFor(`key/${name}`),
    secretText: null,
    startDateTime: daysFrom(now, -120).toISOString(),
  };
}
