import type { LocalCloud } from '../exchange.ts';
import { Refusal } from '../refusal.ts';
import { storageApplication, storageDisplayName, storageServicePrincipal } from '../storage-application.ts';
import { collectionOf, type Collection, deleteApplication } from '../local-tenant.ts';
import { objectOf, sameText, textOf, type WireObject } from '../wire-object.ts';

/** The identity source of an account; absent and null mean None. */
export function identitySourceOf(account: WireObject | null): string {
  const authentication = objectOf(objectOf(account ?? {}, 'properties'), 'azureFilesIdentityBasedAuthentication');
  return textOf(authentication, 'directoryServiceOptions') ?? 'None';
}

/**
 * Plays the storage resource provider in the directory: switching an account to AADKERB makes an application and its
 * principal (new appId, no consent, in no policy's exclusions), switching it away removes them with their grants.
 *
 * @throws Refusal 400 where an application of the manual preview stands in the way, as in Azure.
 */
export function followIdentitySource(cloud: LocalCloud, before: WireObject | null, after: WireObject): void {
  const was = identitySourceOf(before) === 'AADKERB';
  const is = identitySourceOf(after) === 'AADKERB';
  const host = fileHostOf(after);
  if (was === is || host === undefined) return;
  if (is) createStorageObjects(cloud, textOf(after, 'name') ?? '', host);
  else removeStorageObjects(cloud, host);
}

function createStorageObjects(cloud: LocalCloud, accountName: string, host: string): void {
  const { tenant } = cloud;
  const applications = collectionOf(tenant, 'applications');
  if (named(applications, accountName).length > 0) {
    throw new Refusal(
      400,
      'InvalidRequestPropertyValue',
      `The request to Microsoft Graph failed with code BadRequest: an application named '${accountName}' exists.`,
    );
  }
  const ids = {
    tenantId: tenant.tenantId,
    appId: cloud.newGuid(),
    applicationId: cloud.newGuid(),
    principalId: cloud.newGuid(),
    keyId: cloud.newGuid(),
  };
  const now = cloud.clock();
  applications.set(ids.applicationId.toLowerCase(), storageApplication(ids, host, now));
  collectionOf(tenant, 'service-principals').set(
    ids.principalId.toLowerCase(),
    storageServicePrincipal(ids, host, now),
  );
  record(cloud, 'Add application', [ids.applicationId, ids.principalId]);
}

function removeStorageObjects(cloud: LocalCloud, host: string): void {
  const applications = collectionOf(cloud.tenant, 'applications');
  const principals = collectionOf(cloud.tenant, 'service-principals');
  const grants = collectionOf(cloud.tenant, 'oauth2-permission-grants');
  const gone = [...named(applications, storageDisplayName(host)), ...named(principals, storageDisplayName(host))];
  if (gone.length > 0)
    record(
      cloud,
      'Delete application',
      gone.map(([id]) => id),
    );
  for (const [id] of named(applications, storageDisplayName(host))) deleteApplication(cloud.tenant, id);
  for (const [id] of named(principals, storageDisplayName(host))) {
    principals.delete(id);
    for (const [key, grant] of grants) if (sameText(textOf(grant, 'clientId') ?? '', id)) grants.delete(key);
  }
}

const providerAppId = 'a6aa9161-5291-40bb-8c5c-923b567bee3b';

/** What it does in the directory it does in its own name: under its principal's object id, where the tenant has one. */
function record(cloud: LocalCloud, activity: string, targets: readonly string[]): void {
  const principals = [...collectionOf(cloud.tenant, 'service-principals').values()];
  const own = principals.find((principal) => sameText(textOf(principal, 'appId') ?? '', providerAppId));
  const servicePrincipalId = own === undefined ? null : (textOf(own, 'id') ?? null);
  const provider = { appId: providerAppId, displayName: 'Storage Resource Provider', servicePrincipalId };
  cloud.audits.record(cloud.clock(), provider, { activity, category: 'ApplicationManagement', targets });
}

function named(collection: Collection, displayName: string): [string, WireObject][] {
  return [...collection].filter(([, object]) => sameText(textOf(object, 'displayName') ?? '', displayName));
}

function fileHostOf(account: WireObject): string | undefined {
  const endpoint = textOf(objectOf(objectOf(account, 'properties'), 'primaryEndpoints'), 'file');
  return endpoint === undefined ? undefined : new URL(endpoint).host;
}
