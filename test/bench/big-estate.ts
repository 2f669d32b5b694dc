import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AccountPlan } from '../../infra/local/sample-tenant/account-plan.ts';
import { sampleTenantId } from '../../infra/local/sample-tenant/names.ts';
import type { SubscriptionKey } from '../../infra/local/sample-tenant/subscriptions.ts';
import { tenantCollections } from '../../infra/local/sample-tenant/tenant-collections.ts';

export interface EstateSize {
  readonly accounts: number;
  /** How many of them use Microsoft Entra Kerberos. */
  readonly kerberos: number;
}

/** How many objects each file holds. */
export type EstateCounts = Readonly<Record<string, number>>;

const subscriptions: readonly SubscriptionKey[] = ['workplace', 'finance', 'engineering', 'retail'];

/**
 * Every fifth Entra Kerberos account has the next of these faults; the others are in order. The policies of the sample
 * tenant that name single apps need an app each, so those come first and an estate needs 35 such accounts.
 */
const faults: readonly Partial<AccountPlan>[] = [
  { access: 'explicit-for-groups' },
  { access: 'authentication-strength' },
  { access: 'mfa-or-compliant-device' },
  { access: 'guests' },
  { access: 'untrusted-location' },
  { access: 'unknown-control' },
  { access: 'blocked' },
  { access: 'not-excluded' },
  { access: 'dangling' },
  { consent: 'none' },
  { passwords: [{ endsIn: 20, startedAgo: 345 }] },
  { residue: 'ad-properties' },
  { app: 'without-principal' },
  { assignmentRequired: true },
  { privateEndpoints: ['file', 'blob'] },
  { defaultSharePermission: 'None', shareRole: 'none' },
  { protocolSettings: { smb: { kerberosTicketEncryption: 'RC4-HMAC;' } } },
  { residue: 'domain-name-only' },
  { consent: 'more-than-needed' },
];

/** Kinds and sources of the accounts that do not use Entra Kerberos. */
const others: readonly Pick<AccountPlan, 'kind' | 'sku' | 'source' | 'residue'>[] = [
  { kind: 'StorageV2', sku: 'Standard_LRS', source: 'absent' },
  { kind: 'StorageV2', sku: 'Standard_GRS', source: 'None' },
  { kind: 'BlobStorage', sku: 'Standard_RAGRS', source: 'absent' },
  { kind: 'StorageV2', sku: 'Standard_ZRS', source: 'AD', residue: 'ad-properties' },
  { kind: 'BlockBlobStorage', sku: 'Premium_LRS', source: 'absent' },
];

/** Writes an estate of any size as a snapshot directory, in the wire format and with the objects of the sample tenant. */
export async function writeBigEstate(directory: string, size: EstateSize, now: Date): Promise<EstateCounts> {
  const plans = Array.from({ length: size.accounts }, (_, index) => planOf(index, size));
  const collections = tenantCollections(plans, now);
  await mkdir(directory, { recursive: true });
  for (const [name, objects] of Object.entries(collections)) {
    await writeFile(join(directory, `${name}.ndjson`), objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  }
  const manifest = {
    schema: 'kerbwatch.snapshot/v1',
    tenantId: sampleTenantId,
    cloud: 'AzurePublic',
    capturedAt: now.toISOString(),
    gaps: [],
  };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return Object.fromEntries(Object.entries(collections).map(([name, objects]) => [name, objects.length]));
}

function planOf(index: number, { kerberos }: EstateSize): AccountPlan {
  const name = `bench${String(index).padStart(6, '0')}`;
  const subscription = subscriptions[index % subscriptions.length] ?? 'workplace';
  if (index >= kerberos) {
    const other = others[index % others.length] ?? { kind: 'StorageV2', sku: 'Standard_LRS', source: 'absent' };
    return { name, subscription, ...other };
  }
  return {
    name,
    subscription,
    kind: 'FileStorage',
    sku: 'Premium_LRS',
    source: 'AADKERB',
    residue: 'domain-pair',
    app: 'managed',
    access: 'excluded',
    consent: 'granted',
    passwords: [{ endsIn: 290, startedAgo: 75 }],
    ...(index % 5 === 4 ? faults[Math.floor(index / 5) % faults.length] : {}),
  };
}
