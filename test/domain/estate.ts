import { type Collection, known } from '../../domain/model/collection.ts';
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from '../../domain/model/directory.ts';
import type { DirectoryFacts, ResourceFacts } from '../../domain/model/facts.ts';
import type { FileService } from '../../domain/model/resources.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { StorageAccount } from '../../domain/model/storage-account.ts';
import { rules } from '../../domain/rules/index.ts';
import { account, application, fileService, grant, graphPrincipal, guid, principal, tenantId } from './build.ts';

/** An Entra Kerberos account; `subscription` is turned into a GUID. */
export function kerberosAccount(name: string, subscription = 2): StorageAccount {
  const subscriptionId = guid(subscription);
  const id = `/subscriptions/${subscriptionId}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/${name}`;
  return account({ id, key: id.toLowerCase(), name, subscriptionId, host: hostOf(name) });
}

/** Id of the service principal of the `number`-th storage app. */
export function principalIdOf(number: number): string {
  return guid(0x1000 + number);
}

/** What the storage provider makes for an account, and the consent that an administrator gives. */
export interface StorageAppObjects {
  readonly application: Application;
  readonly principal: ServicePrincipal;
  readonly grant: OAuth2PermissionGrant;
}

export function storageAppOf(name: string, number: number): StorageAppObjects {
  const appId = guid(0x2000 + number);
  const api = ['HOST', 'CIFS', 'HTTP'].map((service) => `api://${tenantId}/${service}/${hostOf(name)}`);
  const names = [...api, ...bare(name)];
  const displayName = `[Storage Account] ${hostOf(name)}`;
  const clientId = principalIdOf(number);
  return {
    application: application({ id: guid(0x3000 + number), appId, displayName, identifierUris: names }),
    principal: principal({ id: clientId, appId, displayName, servicePrincipalNames: [appId, ...names] }),
    grant: grant({ id: `grant-${String(number)}`, clientId }),
  };
}

/** A directory with the apps of `names`; consent is given to the apps of `consented` only. */
export function directoryOf(names: readonly string[], consented: readonly string[] = names): DirectoryFacts {
  const apps = names.map((name, number) => ({ name, ...storageAppOf(name, number) }));
  return {
    tenantId,
    applications: known(apps.map((app) => app.application)),
    servicePrincipals: known([graphPrincipal(), ...apps.map((app) => app.principal)]),
    oauth2PermissionGrants: known(apps.filter(({ name }) => consented.includes(name)).map((app) => app.grant)),
    conditionalAccessPolicies: known([]),
    securityDefaults: known([{ isEnabled: false }]),
    defaultAppManagementPolicy: known([{ isEnabled: false, servicePrincipalPasswordRestrictions: [] }]),
  };
}

/** Settings that leave on the rules of these ids only, so that a test of the flow does not change with each new rule. */
export function onlyRules(...ids: readonly string[]): Settings['rules'] {
  return Object.fromEntries(
    rules
      .filter(({ id }) => !ids.includes(id))
      .map(({ id }) => [id, { enabled: false, severity: null, thresholds: {} }]),
  );
}

/** Nothing surrounds the accounts: no private endpoint, no role that somebody was given. */
export function resourcesOf(): ResourceFacts {
  return { privateEndpoints: known([]), roleAssignments: known([]), roleDefinitions: known([]) };
}

/** A file service for each account, all alike and well. */
export function fileServicesOf(accounts: readonly StorageAccount[]): Collection<FileService> {
  return known(accounts.map(({ key }) => fileService({ accountKey: key })));
}

function bare(name: string): string[] {
  return ['HOST', 'CIFS', 'HTTP'].map((service) => `${service}/${hostOf(name)}`);
}

function hostOf(name: string): string {
  return `${name}.file.core.windows.net`;
}
