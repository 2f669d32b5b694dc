import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectionNames, isCollectionName, type CollectionName } from '../../../domain/model/collection.ts';
import { partsOfResourceId } from './resource-id.ts';
import type { Collection, LocalManagementGroup, LocalSubscription, LocalTenant } from './local-tenant.ts';
import { isWireObject, textOf, type WireObject } from './wire-object.ts';

export type { LocalTenant } from './local-tenant.ts';

/** A snapshot directory that cannot be served as a tenant. */
export class TenantFileError extends Error {
  override readonly name = 'TenantFileError';
  readonly file: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.file = file;
  }
}

/**
 * Reads a snapshot directory as a tenant to serve. `embedded-cloud.json`, where present, names subscriptions (also
 * those that cannot be read) and management groups; without it subscriptions are those that account ids name, all
 * readable. A collection that has no file, or is named in the manifest's gaps for the whole tenant, is forbidden.
 *
 * @throws TenantFileError where the manifest or the storage accounts are missing, or a file does not parse.
 */
export async function loadTenant(directory: string): Promise<LocalTenant> {
  const manifest = await readObject(directory, 'manifest.json');
  if (manifest === undefined) {
    throw new TenantFileError('manifest.json', `is missing in ${directory}; name a snapshot directory`);
  }
  const tenantId = textOf(manifest, 'tenantId');
  if (tenantId === undefined) throw new TenantFileError('manifest.json', 'has no tenantId');

  const collections = new Map<CollectionName, Collection>();
  for (const name of collectionNames) {
    const collection = await readCollection(directory, `${name}.ndjson`);
    if (collection !== undefined) collections.set(name, collection);
  }
  const accounts = collections.get('storage-accounts');
  if (accounts === undefined) {
    throw new TenantFileError('storage-accounts.ndjson', 'is missing; there is nothing to serve');
  }
  const forbidden = tenantWideGaps(manifest);
  for (const name of collectionNames) if (!collections.has(name)) forbidden.add(name);

  const cloud = await readObject(directory, 'embedded-cloud.json');
  return {
    tenantId,
    subscriptions:
      cloud === undefined
        ? subscriptionsOf(accounts, tenantId)
        : listOf(cloud, 'subscriptions').map((entry) => toSubscription(entry, tenantId)),
    managementGroups: cloud === undefined ? [] : listOf(cloud, 'managementGroups').map(toManagementGroup),
    collections,
    forbidden,
    changes: [],
  };
}

function tenantWideGaps(manifest: WireObject): Set<CollectionName> {
  const gaps = new Set<CollectionName>();
  for (const gap of listOf(manifest, 'gaps')) {
    const collection = textOf(gap, 'collection') ?? '';
    if (textOf(gap, 'scope') === 'tenant' && isCollectionName(collection)) gaps.add(collection);
  }
  return gaps;
}

function subscriptionsOf(accounts: Collection, ownTenantId: string): LocalSubscription[] {
  const found = new Map<string, LocalSubscription>();
  for (const account of accounts.values()) {
    const id = partsOfResourceId(textOf(account, 'id') ?? '')?.subscriptionId;
    if (id === undefined || found.has(id.toLowerCase())) continue;
    const foreign = tenantIn(account, ownTenantId);
    found.set(id.toLowerCase(), { id, name: id, ...foreign, readable: true, managementGroup: null });
  }
  return [...found.values()];
}

function tenantIn(object: WireObject, ownTenantId: string): Pick<LocalSubscription, 'tenantId'> {
  const tenantId = textOf(object, 'tenantId');
  return tenantId === undefined || tenantId.toLowerCase() === ownTenantId.toLowerCase() ? {} : { tenantId };
}

function toSubscription(entry: WireObject, ownTenantId: string): LocalSubscription {
  const id = textOf(entry, 'id');
  if (id === undefined) throw new TenantFileError('embedded-cloud.json', 'a subscription has no id');
  return {
    id,
    name: textOf(entry, 'name') ?? id,
    ...tenantIn(entry, ownTenantId),
    readable: entry['readable'] !== false,
    managementGroup: textOf(entry, 'managementGroup') ?? null,
  };
}

function toManagementGroup(entry: WireObject): LocalManagementGroup {
  const name = textOf(entry, 'name');
  if (name === undefined) throw new TenantFileError('embedded-cloud.json', 'a management group has no name');
  return { name, displayName: textOf(entry, 'displayName') ?? name, parent: textOf(entry, 'parent') ?? null };
}

function listOf(object: WireObject, key: string): WireObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isWireObject) : [];
}

async function readCollection(directory: string, file: string): Promise<Collection | undefined> {
  const text = await readText(directory, file);
  if (text === undefined) return undefined;
  const collection: Collection = new Map();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parse(line, file, ` line ${String(index + 1)}`);
    const id = textOf(value, 'id');
    collection.set(id === undefined ? String(index) : id.toLowerCase(), value);
  }
  return collection;
}

async function readObject(directory: string, file: string): Promise<WireObject | undefined> {
  const text = await readText(directory, file);
  return text === undefined ? undefined : parse(text, file, '');
}

function parse(text: string, file: string, place: string): WireObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TenantFileError(file, `is not JSON${place}`, { cause });
  }
  if (!isWireObject(value)) throw new TenantFileError(file, `does not hold a JSON object${place}`);
  return value;
}

async function readText(directory: string, file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(directory, file));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new TenantFileError(file, 'cannot be read', { cause });
  }
  // PowerShell 5 writes UTF-16 with a byte-order mark; TextDecoder drops the mark.
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined;
  const bigEndian = bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
  return new TextDecoder(utf16 ?? bigEndian ?? 'utf-8').decode(bytes);
}
