import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollectionName } from '../../../domain/model/collection.ts';
import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { fileService, holdsShares, privateEndpoints, roleAssignments, storageAccount } from './accounts.ts';
import { consents } from './consents.ts';
import { kerberosAccounts } from './kerberos-accounts.ts';
import { guidFor, sampleTenantId } from './names.ts';
import { otherAccounts } from './other-accounts.ts';
import { conditionalAccessPolicies, namedLocations } from './policies.ts';
import { storageApp } from './storage-apps.ts';
import { managementGroups, sampleSubscriptions } from './subscriptions.ts';
import { unrelatedApps, unrelatedConsents } from './unrelated-apps.ts';

/** The files of a snapshot directory by name, with their text. */
export type SampleTenantFiles = ReadonlyMap<string, string>;

/**
 * The sample tenant as a snapshot directory: its storage accounts in every state, the directory objects and policies
 * that go with them. The same `now` gives the same bytes; every date is relative to it.
 */
export function generateSampleTenant(options: { now: Date }): SampleTenantFiles {
  const { now } = options;
  const plans: readonly AccountPlan[] = [...kerberosAccounts, ...otherAccounts];
  const apps = [...plans.map((plan) => storageApp(plan, now)), unrelatedApps(now)];
  const collections: Partial<Record<CollectionName, readonly WireObject[]>> = {
    'storage-accounts': plans.map((plan) => storageAccount(plan, now)),
    'file-services': plans.filter(holdsShares).map(fileService),
    'private-endpoints': plans.flatMap(privateEndpoints),
    'role-assignments': plans.flatMap((plan) => roleAssignments(plan, now)),
    applications: apps.flatMap(({ applications }) => applications),
    'service-principals': apps.flatMap(({ servicePrincipals }) => servicePrincipals),
    'oauth2-permission-grants': [...plans.flatMap(consents), ...unrelatedConsents()],
    'conditional-access-policies': conditionalAccessPolicies(plans, now),
    'named-locations': namedLocations(now),
    'security-defaults': [securityDefaults],
    'default-app-management-policy': [defaultAppManagementPolicy],
  };
  const files = new Map<string, string>();
  files.set('manifest.json', pretty(manifest(now)));
  files.set('embedded-cloud.json', pretty(embeddedCloud));
  for (const [name, objects] of Object.entries(collections)) {
    files.set(
      `${name}.ndjson`,
      shuffled(objects)
        .map((object) => `${JSON.stringify(object)}\n`)
        .join(''),
    );
  }
  return files;
}

/** Writes the sample tenant into a directory, made where it is not there. */
export async function writeSampleTenant(directory: string, options: { now: Date }): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of generateSampleTenant(options)) await writeFile(join(directory, name), text);
}

function manifest(now: Date): WireObject {
  return {
    schema: 'kerbwatch.snapshot/v1',
    tenantId: sampleTenantId,
    cloud: 'AzurePublic',
    capturedAt: now.toISOString(),
    gaps: [],
  };
}

const embeddedCloud = {
  subscriptions: sampleSubscriptions.map(({ id, name, readable, managementGroup }) => ({
    id,
    name,
    readable,
    managementGroup,
  })),
  managementGroups,
};

const securityDefaults = {
  id: '00000000-0000-0000-0000-000000000005',
  displayName: 'Security Defaults',
  description: 'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
  isEnabled: false,
};

const defaultAppManagementPolicy = {
  id: '00000000-0000-0000-0000-000000000000',
  displayName: 'Default app management tenant policy',
  isEnabled: false,
  applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
  servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
};

/** APIs list in no order that means anything; a hash of the id gives one that is the same every time. */
function shuffled(objects: readonly WireObject[]): readonly WireObject[] {
  return objects
    .map((object) => ({ object, key: guidFor(`order/${String(object['id'])}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ object }) => object);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
