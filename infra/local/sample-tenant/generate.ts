import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireObject } from '../azure/wire-object.ts';
import type { AccountPlan } from './account-plan.ts';
import { kerberosAccounts } from './kerberos-accounts.ts';
import { guidFor, sampleTenantId } from './names.ts';
import { otherAccounts } from './other-accounts.ts';
import { managementGroups, sampleSubscriptions } from './subscriptions.ts';
import { tenantCollections } from './tenant-collections.ts';

/** The files of a snapshot directory by name, with their text. */
export type SampleTenantFiles = ReadonlyMap<string, string>;

/**
 * The sample tenant as a snapshot directory: its storage accounts in every state, the directory objects and policies
 * that go with them. The same `now` gives the same bytes; every date is relative to it.
 */
export function generateSampleTenant(options: { now: Date }): SampleTenantFiles {
  const { now } = options;
  const plans: readonly AccountPlan[] = [...kerberosAccounts, ...otherAccounts];
  const files = new Map<string, string>();
  files.set('manifest.json', pretty(manifest(now)));
  files.set('embedded-cloud.json', pretty(embeddedCloud));
  for (const [name, objects] of Object.entries(tenantCollections(plans, now))) {
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
