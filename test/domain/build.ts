import { known } from '../../domain/model/collection.ts';
import type { Collection, CollectionName, Gap } from '../../domain/model/collection.ts';
import type { ConditionalAccessPolicy, GrantControls } from '../../domain/model/conditional-access-policy.ts';
import {
  microsoftGraphAppId,
  type Application,
  type OAuth2PermissionGrant,
  type PasswordCredential,
  type ServicePrincipal,
} from '../../domain/model/directory.ts';
import type { DirectoryFacts, ResourceFacts } from '../../domain/model/facts.ts';
import type { FileService } from '../../domain/model/resources.ts';
import type { RuleSettings, Settings } from '../../domain/model/settings.ts';
import type { ActiveDirectoryProperties, StorageAccount } from '../../domain/model/storage-account.ts';
import type { Verdict } from '../../domain/model/verdict.ts';
import { indexDirectory, type Directory } from '../../domain/rules/directory.ts';
import { indexResources, type Resources } from '../../domain/rules/resources.ts';
import type { AccountRule, RuleContext, TenantContext, TenantRule, TenantVerdicts } from '../../domain/rules/rule.ts';

/** The instant at which every test of the rules takes place. */
export const now = Date.parse('2026-11-21T12:00:00Z');
export const day = 86_400_000;

/** A readable number turned into a GUID. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export const tenantId = guid(1);
export const accountName = 'contosoprofiles';
export const host = `${accountName}.file.core.windows.net`;
export const appId = guid(0xa);
export const principalId = guid(0xb);
export const graphPrincipalId = guid(0xc);

/** A StorageV2 account with Entra Kerberos and nothing else. */
export function account(over: Partial<StorageAccount> = {}): StorageAccount {
  const subscriptionId = guid(2);
  const id = `/subscriptions/${subscriptionId}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${accountName}`;
  return {
    id,
    key: id.toLowerCase(),
    name: accountName,
    subscriptionId,
    resourceGroup: 'Profiles',
    location: 'westeurope',
    tenantId,
    kind: 'StorageV2',
    tags: {},
    host,
    directoryService: 'AADKERB',
    activeDirectory: null,
    smbOAuthEnabled: false,
    defaultSharePermission: 'StorageFileDataSmbShareContributor',
    createdAt: now - 400 * day,
    sharedKeyAllowed: false,
    sharedKeyAllowedForFiles: null,
    privateEndpointConnections: [],
    ...over,
  };
}

export function activeDirectory(over: Partial<ActiveDirectoryProperties> = {}): ActiveDirectoryProperties {
  return {
    domainName: null,
    netBiosDomainName: null,
    forestName: null,
    domainGuid: null,
    domainSid: null,
    azureStorageSid: null,
    samAccountName: null,
    accountType: null,
    ...over,
  };
}

/** The six names that the storage provider gives to an app. */
export function appNames(): string[] {
  const bare = [`HOST/${host}`, `CIFS/${host}`, `HTTP/${host}`];
  return [...bare.map((name) => `api://${tenantId}/${name}`), ...bare];
}

/** The application that the storage provider makes. */
export function application(over: Partial<Application> = {}): Application {
  return {
    id: guid(0xd),
    appId,
    displayName: `[Storage Account] ${host}`,
    identifierUris: appNames(),
    tags: [],
    passwordCredentials: [],
    keyCredentials: [],
    createdAt: now - 300 * day,
    ownerIds: [],
    redirectUris: [],
    ...over,
  };
}

/** A password that ends `daysLeft` days from now and was issued for `issuedDays`. */
export function password(daysLeft: number, issuedDays = 365, keyId = guid(0xe)): PasswordCredential {
  return { keyId, startsAt: now + (daysLeft - issuedDays) * day, endsAt: now + daysLeft * day };
}

/** The service principal that the storage provider makes, with a password good for 300 days. */
export function principal(over: Partial<ServicePrincipal> = {}): ServicePrincipal {
  return {
    id: principalId,
    appId,
    displayName: `[Storage Account] ${host}`,
    servicePrincipalNames: [appId, ...appNames()],
    accountEnabled: true,
    disabledByMicrosoftStatus: null,
    appRoleAssignmentRequired: false,
    tags: [],
    passwordCredentials: [password(300)],
    keyCredentials: [],
    ownerIds: [],
    securityAttributes: {},
    ownerTenantId: tenantId,
    ...over,
  };
}

/** The principal of an app set up by hand in the limited preview. */
export function legacyPrincipal(over: Partial<ServicePrincipal> = {}): ServicePrincipal {
  return principal({
    displayName: accountName,
    servicePrincipalNames: [appId, `HTTP/${host}`, `CIFS/${host}`, `HOST/${host}`],
    ...over,
  });
}

export function legacyApplication(over: Partial<Application> = {}): Application {
  return application({
    displayName: accountName,
    identifierUris: [`HTTP/${host}`, `CIFS/${host}`, `HOST/${host}`],
    ...over,
  });
}

/** This tenant's principal of Microsoft Graph. */
export function graphPrincipal(): ServicePrincipal {
  return principal({
    id: graphPrincipalId,
    appId: microsoftGraphAppId,
    displayName: 'Microsoft Graph',
    servicePrincipalNames: [microsoftGraphAppId, 'https://graph.microsoft.com'],
    passwordCredentials: [],
  });
}

/** The consent that an administrator gives. */
export function grant(over: Partial<OAuth2PermissionGrant> = {}): OAuth2PermissionGrant {
  return {
    id: 'grant-1',
    clientId: principalId,
    consentType: 'AllPrincipals',
    resourceId: graphPrincipalId,
    scopes: ['openid', 'profile', 'User.Read'],
    ...over,
  };
}

export function controls(over: Partial<GrantControls> = {}): GrantControls {
  return {
    operator: 'OR',
    builtInControls: [],
    customAuthenticationFactors: [],
    termsOfUse: [],
    authenticationStrength: null,
    ...over,
  };
}

/** "Require MFA for all users" on all resources, switched on. */
export function policy(over: Partial<ConditionalAccessPolicy> = {}): ConditionalAccessPolicy {
  return {
    id: guid(0x100),
    displayName: 'Require MFA for all users',
    templateId: null,
    state: 'enabled',
    applications: applications({ include: ['All'] }),
    users: users({ includeUsers: ['All'] }),
    selectsWorkloadIdentities: false,
    clientAppTypes: [],
    platforms: { include: [], exclude: [] },
    locations: { include: [], exclude: [] },
    deviceFilter: null,
    signInRiskLevels: [],
    userRiskLevels: [],
    insiderRiskLevels: [],
    transferMethods: [],
    unreadConditions: [],
    grantControls: controls({ builtInControls: ['mfa'] }),
    signInFrequency: null,
    ...over,
  };
}

export function applications(
  over: Partial<ConditionalAccessPolicy['applications']> = {},
): ConditionalAccessPolicy['applications'] {
  return {
    include: [],
    exclude: [],
    userActions: [],
    authenticationContexts: [],
    filter: null,
    selectsNetworkAccess: false,
    ...over,
  };
}

export function users(over: Partial<ConditionalAccessPolicy['users']> = {}): ConditionalAccessPolicy['users'] {
  return {
    includeUsers: [],
    excludeUsers: [],
    includeGroups: [],
    excludeGroups: [],
    includeRoles: [],
    excludeRoles: [],
    includesGuests: false,
    excludesGuests: false,
    ...over,
  };
}

/** A directory read whole in which all is well for `account()`: managed app, principal, consent, no policy. */
export function directory(over: Partial<DirectoryFacts> = {}): Directory {
  return indexDirectory({
    tenantId,
    applications: known([application()]),
    servicePrincipals: known([graphPrincipal(), principal()]),
    oauth2PermissionGrants: known([grant()]),
    conditionalAccessPolicies: known([]),
    securityDefaults: known([{ isEnabled: false }]),
    defaultAppManagementPolicy: known([{ isEnabled: false, servicePrincipalPasswordRestrictions: [] }]),
    ...over,
  });
}

/** A file service that leaves everything at its default. */
export function fileService(over: Partial<FileService> = {}): FileService {
  return { accountKey: account().key, authenticationMethods: ['Kerberos'], kerberosTicketEncryption: null, ...over };
}

/** What surrounds `account()`, read whole: no private endpoint, no role assignment, a file service that takes Kerberos only. */
export function resources(
  over: Partial<ResourceFacts> = {},
  fileServices: Collection<FileService> = known([fileService()]),
): Resources {
  return indexResources(
    { privateEndpoints: known([]), roleAssignments: known([]), roleDefinitions: known([]), ...over },
    fileServices,
  );
}

export function gap(collection: CollectionName): Gap {
  return { collection, scope: 'tenant', reason: 'forbidden', needs: 'Some.Read.All' };
}

export function settings(over: Partial<Settings> = {}): Settings {
  return {
    scope: { managementGroups: [], subscriptions: [], exclude: [] },
    rules: {},
    cloudOnlyUsers: [],
    expectedSource: [],
    remediation: {},
    alerts: [],
    waivers: { requireApproval: false, warnDays: 15 },
    brakes: {
      killSwitch: false,
      writesPerHourPerAction: 20,
      writesPerHour: 50,
      stopAfterFailures: 3,
      quietHours: [],
      approvalHours: 24,
      requesters: [guid(0xa00)],
    },
    watch: { debounceSeconds: 60 },
    retention: { historyDays: 400, runsDays: 90, inboxDays: 30, resolvedFindingsDays: 400 },
    privacy: { userPrincipalName: false },
    ...over,
  };
}

/** What settings say of a rule where they change nothing. */
export function ruleSettings(over: Partial<RuleSettings> = {}): RuleSettings {
  return { enabled: true, severity: null, thresholds: {}, ...over };
}

/** What one rule says where all is well but for what is given. */
export function judge(rule: AccountRule, over: Partial<RuleContext> = {}): Verdict {
  return rule.evaluate(situation(over));
}

/** All is well but for what is given. */
export function situation(over: Partial<RuleContext> = {}): RuleContext {
  return { account: account(), directory: directory(), resources: resources(), settings: settings(), now, ...over };
}

/** What one rule says of a tenant with `account()` where all is well but for what is given. */
export function judgeTenant(rule: TenantRule, over: Partial<TenantContext> = {}): TenantVerdicts {
  return rule.evaluate({
    directory: directory(),
    storageAccounts: known([account()]),
    accountNames: () => null,
    settings: settings(),
    now,
    ...over,
  });
}
