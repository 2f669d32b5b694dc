import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectoryFacts, readStorageAccount, readStorageAccounts } from '../../../infra/facts.ts';
import { openDirectoryFiles } from '../../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../../infra/snapshot/open-snapshot.ts';
import { SnapshotMalformed } from '../../../infra/snapshot/snapshot-malformed.ts';
import { SnapshotNotFound } from '../../../infra/snapshot/snapshot-not-found.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const tenantId = '11111111-0000-4000-8000-00000000000A';
const manifest = {
  schema: 'kerbwatch.snapshot/v1',
  tenantId,
  cloud: 'AzurePublic',
  capturedAt: '2026-11-01T02:00:00Z',
  gaps: [],
};
const idOf = (name: string, subscription = 'aaaa') =>
  `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/${name}`;
const account = (name: string) => ({ id: idOf(name), name, kind: 'StorageV2', properties: {} });
const line = (object: unknown) => `${JSON.stringify(object)}\n`;

async function snapshot(files: Readonly<Record<string, string | Uint8Array>>) {
  const directory = await temporaryDirectory();
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return openDirectoryFiles(directory);
}

async function opened(files: Readonly<Record<string, string | Uint8Array>>, changes: object = {}) {
  return openSnapshot(await snapshot({ 'manifest.json': JSON.stringify({ ...manifest, ...changes }), ...files }));
}

function utf16(text: string, order: 'le' | 'be'): Uint8Array {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

describe('a snapshot', () => {
  it('says where and when it was taken', async () => {
    const source = await opened({}, { capturedAt: '2026-11-01T04:00:00.1234567+02:00' });

    expect(source).toMatchObject({
      kind: 'snapshot',
      tenantId: tenantId.toLowerCase(),
      cloud: 'AzurePublic',
      capturedAt: Date.UTC(2026, 10, 1, 2, 0, 0, 123),
      requests: { resourceGraph: 0, graph: 0, arm: 0, throttled: 0 },
    });
    expect(await source.readableSubscriptions()).toBeNull();
  });

  it('gives each object as it was, blank lines passed over, with or without an end to the last line', async () => {
    const source = await opened({
      'storage-accounts.ndjson': `${line(account('a'))}\r\n\n${JSON.stringify(account('b'))}`,
    });

    expect(await source.read('storage-accounts')).toEqual({ state: 'known', items: [account('a'), account('b')] });
  });

  it('takes a missing file for not read, and an empty one for nothing there', async () => {
    const source = await opened({ 'applications.ndjson': '' });

    expect(await source.read('applications')).toEqual({ state: 'known', items: [] });
    expect(await source.read('devices')).toEqual({
      state: 'unavailable',
      gaps: [{ collection: 'devices', scope: 'tenant', reason: 'not-read', needs: null }],
    });
  });

  it('makes partial what the manifest has gaps in, and says why a missing file was not read', async () => {
    const blind = { collection: 'storage-accounts', scope: '/subscriptions/BBBB', reason: 'not-visible' };
    const refused = { collection: 'applications', scope: 'tenant', reason: 'forbidden', needs: 'Application.Read.All' };
    const source = await opened({ 'storage-accounts.ndjson': line(account('a')) }, { gaps: [blind, refused] });

    expect(await source.read('storage-accounts')).toEqual({
      state: 'partial',
      items: [account('a')],
      gaps: [{ ...blind, scope: '/subscriptions/bbbb', needs: null }],
    });
    expect(await source.read('applications')).toEqual({ state: 'unavailable', gaps: [refused] });
  });

  it.each(['le', 'be'] as const)('reads UTF-16 %s with a byte-order mark, manifest and collections', async (order) => {
    const named = { ...account('a'), tags: { owner: 'Łukasz 👋' } };
    const source = await opened({
      'manifest.json': utf16(JSON.stringify(manifest, null, 2), order),
      'storage-accounts.ndjson': utf16(`${line(named)}${line(account('b'))}`, order),
    });

    expect(await source.read('storage-accounts')).toEqual({ state: 'known', items: [named, account('b')] });
  });

  it('reads UTF-8 with a byte-order mark, and characters that lie across two chunks', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({
      ...account(`a${index}`),
      tags: { owner: 'Łódź 👋 \u2028' },
    }));
    const source = await opened({ 'storage-accounts.ndjson': `\uFEFF${many.map(line).join('')}` });

    expect(await source.read('storage-accounts')).toEqual({ state: 'known', items: many });
  });

  it('leaves alone hidden files, notes and folders', async () => {
    const files = await snapshot({
      'manifest.json': JSON.stringify(manifest),
      '._applications.ndjson': 'x',
      'README.md': 'x',
      'report.json': '{}',
    });

    await expect(openSnapshot(files)).resolves.toMatchObject({ kind: 'snapshot' });
  });

  it('keeps an account of another tenant, with that tenant', async () => {
    const stray = { ...account('a'), tenantId: '22222222-0000-4000-8000-00000000000B' };
    const source = await opened({ 'storage-accounts.ndjson': line(stray) });

    expect(await readStorageAccounts(source)).toMatchObject({
      state: 'known',
      items: [{ tenantId: stray.tenantId.toLowerCase() }],
    });
  });

  it('turns an object that is no account into a gap and not into silence', async () => {
    const source = await opened({ 'storage-accounts.ndjson': line(account('a')) + line({ id: 'nonsense' }) });

    expect(await readStorageAccounts(source)).toMatchObject({
      state: 'partial',
      items: [{ name: 'a' }],
      gaps: [{ scope: 'tenant', reason: 'malformed' }],
    });
  });

  it('gives directory facts of its tenant, collection by collection', async () => {
    const source = await opened({ 'applications.ndjson': '', 'conditional-access-policies.ndjson': line({ id: 'p' }) });
    const facts = await readDirectoryFacts(source);

    expect(facts).toMatchObject({
      tenantId: tenantId.toLowerCase(),
      applications: { state: 'known', items: [] },
      servicePrincipals: { state: 'unavailable' },
      conditionalAccessPolicies: { state: 'partial', items: [] },
    });
  });
});

describe('one account of a snapshot', () => {
  const gaps = [{ collection: 'storage-accounts', scope: '/subscriptions/bbbb', reason: 'forbidden', needs: 'Reader' }];
  const accounts = { 'storage-accounts.ndjson': line(account('a')) + line({ ...account('b'), properties: null }) };

  it('is found whatever the case of its id', async () => {
    expect(await readStorageAccount(await opened(accounts), idOf('A').toUpperCase())).toMatchObject({
      state: 'found',
      account: { name: 'a' },
    });
  });

  it('is absent only from a list without a gap over it', async () => {
    const source = await opened(accounts, { gaps });

    expect(await readStorageAccount(source, idOf('c'))).toEqual({ state: 'absent' });
    expect(await readStorageAccount(source, idOf('c', 'bbbb2'))).toEqual({ state: 'absent' });
    expect(await readStorageAccount(source, idOf('c', 'BBBB'))).toEqual({ state: 'unreadable', gap: gaps[0] });
  });

  it('is not proved absent beside a gap over a management group, which may lie above it', async () => {
    const scope = '/providers/microsoft.management/managementgroups/platform';
    const gaps = [{ collection: 'storage-accounts', scope, reason: 'forbidden', needs: null }];
    const source = await opened(accounts, { gaps });

    expect(await readStorageAccount(source, idOf('c'))).toEqual({ state: 'unreadable', gap: gaps[0] });
  });

  it('is unreadable when the accounts were not read, or when it is malformed', async () => {
    expect(await readStorageAccount(await opened({}), idOf('a'))).toMatchObject({
      state: 'unreadable',
      gap: { reason: 'not-read' },
    });
    expect(await readStorageAccount(await opened(accounts), idOf('b'))).toMatchObject({
      state: 'unreadable',
      gap: { reason: 'malformed', scope: idOf('b').toLowerCase() },
    });
  });
});

describe('one account of a snapshot whose rows are broken', () => {
  it('is not proved absent by a list in which a row does not say whose it is', async () => {
    const source = await opened({
      'storage-accounts.ndjson': line(account('a')) + line({ name: 'b', properties: {} }),
    });

    expect(await source.readAccount(idOf('b'))).toEqual({
      state: 'unreadable',
      gap: { collection: 'storage-accounts', scope: 'tenant', reason: 'malformed', needs: null },
    });
    expect(await source.readAccount(idOf('a'))).toMatchObject({ state: 'found' });
  });
});

describe('file services of a snapshot', () => {
  const service = (name: string) => ({ id: `${idOf(name)}/fileServices/default`, properties: {} });
  const gap = (scope: string) => ({ collection: 'file-services', scope, reason: 'forbidden', needs: null });

  it('are those of the accounts asked for, whatever the case of their ids', async () => {
    const source = await opened({ 'file-services.ndjson': ['a', 'b', 'ab'].map(service).map(line).join('') });

    expect(await source.readFileServices([idOf('A').toUpperCase(), idOf('gone')])).toEqual({
      state: 'known',
      items: [service('a')],
    });
  });

  it('have the gaps that hide one of these accounts, and no others', async () => {
    const hidden = [gap(idOf('c').toLowerCase()), gap('/subscriptions/aaaa'), gap('tenant')];
    const others = [gap(idOf('d').toLowerCase()), gap('/subscriptions/bbbb')];
    const source = await opened({ 'file-services.ndjson': line(service('a')) }, { gaps: [...hidden, ...others] });

    const read = await source.readFileServices([idOf('a'), idOf('c')]);

    expect(read).toEqual({ state: 'partial', items: [service('a')], gaps: hidden });
  });

  it('are unavailable where the snapshot has none', async () => {
    expect(await (await opened({})).readFileServices([idOf('a')])).toMatchObject({
      state: 'unavailable',
      gaps: [{ collection: 'file-services', reason: 'not-read' }],
    });
  });
});

describe('whether a name is taken, from a snapshot', () => {
  const files = { 'storage-accounts.ndjson': line(account('contoso')) };
  const gaps = [{ collection: 'storage-accounts', scope: '/subscriptions/bbbb', reason: 'not-visible', needs: null }];

  it('is told where every account was read', async () => {
    const source = await opened(files);

    expect(await Promise.all(['contoso', 'CONTOSO', 'fabrikam'].map((name) => source.nameAvailability(name)))).toEqual([
      'taken',
      'taken',
      'free',
    ]);
  });

  it('is told of accounts that are there, of no others, where the list has a gap', async () => {
    const source = await opened(files, { gaps });

    expect(await source.nameAvailability('contoso')).toBe('taken');
    expect(await source.nameAvailability('fabrikam')).toBeNull();
  });

  it.each([
    ['has no name beside its id', { id: idOf('fabrikam'), properties: {} }, 'taken', 'free'],
    ['has a number for a name', { ...account('fabrikam'), name: 7 }, 'taken', 'free'],
    ['has no id', { name: 'fabrikam', properties: {} }, 'taken', null],
    ['has neither id nor name', { properties: {} }, null, null],
    ['has the id of something else', { id: '/subscriptions/aaaa', properties: {} }, null, null],
  ])('is told where an account %s, but never that one is free that cannot be told', async (_says, row, own, other) => {
    const source = await opened({ 'storage-accounts.ndjson': line(account('contoso')) + line(row) });

    expect(await source.nameAvailability('fabrikam')).toBe(own);
    expect(await source.nameAvailability('adatum')).toBe(other);
    expect(await source.nameAvailability('contoso')).toBe('taken');
  });

  it('is not told where accounts were not read', async () => {
    expect(await (await opened({})).nameAvailability('contoso')).toBeNull();
  });
});

describe('a snapshot that cannot be read', () => {
  it('is not found where there is no directory, and where there is no manifest', async () => {
    const directory = await temporaryDirectory();
    const nowhere = openSnapshot(openDirectoryFiles(join(directory, 'nowhere')));
    const empty = openSnapshot(openDirectoryFiles(directory));

    await expect(nowhere).rejects.toThrow(SnapshotNotFound);
    await expect(nowhere).rejects.toThrow(`No snapshot at ${join(directory, 'nowhere')}: `);
    await expect(empty).rejects.toThrow(SnapshotNotFound);
    await expect(empty).rejects.toThrow('no manifest.json');
  });

  it.each([
    ['', 'manifest.json: is empty'],
    ['\n', 'manifest.json: is empty'],
    ['<html>', 'manifest.json: is not JSON'],
    [JSON.stringify(manifest).slice(0, 40), 'manifest.json: is not JSON: it was cut off'],
    [
      JSON.stringify({ ...manifest, schema: 'kerbwatch.snapshot/v2' }),
      'manifest.json: schema is "kerbwatch.snapshot/v2"',
    ],
    [JSON.stringify({ ...manifest, tenantId: 'contoso' }), 'manifest.json: tenantId has to be'],
    [JSON.stringify({ ...manifest, cloud: 'AzureUSGoverment' }), 'the nearest is "AzureUSGovernment"'],
    [JSON.stringify({ ...manifest, capturedAt: 'yesterday' }), 'manifest.json: capturedAt has to be a time'],
    [
      JSON.stringify({ ...manifest, gaps: [{ collection: 'aplications', reason: 'forbiden' }] }),
      'gaps.0.collection "aplications" is not known; the nearest is "applications"; gaps.0.reason "forbiden"',
    ],
    ['[]', 'manifest.json: object '],
  ])('names what is wrong with the manifest %j', async (text, message) => {
    const opening = openSnapshot(await snapshot({ 'manifest.json': text }));

    await expect(opening).rejects.toThrow(SnapshotMalformed);
    await expect(opening).rejects.toThrow(message);
  });

  it.each([
    ['storage-acounts.ndjson', 'the nearest name is storage-accounts.ndjson'],
    ['Applications.ndjson', 'the nearest name is applications.ndjson'],
    ['applications.json', 'the nearest name is applications.ndjson'],
    ['devices.ndjson.gz', 'the nearest name is devices.ndjson'],
  ])('refuses the unknown collection %s', async (name, message) => {
    const opening = opened({ [name]: '' });

    await expect(opening).rejects.toThrow(SnapshotMalformed);
    await expect(opening).rejects.toThrow(`${name}: is no collection of a snapshot; ${message}`);
  });

  const two = line(account('a')) + line(account('b'));

  it.each([
    ['text', `${two}oops\n${two}`, 'storage-accounts.ndjson: line 3 is not JSON'],
    ['an object that goes wrong', `${two}{"id": }\n`, 'storage-accounts.ndjson: line 3 is not JSON'],
    ['a file that was cut off', two.slice(0, -20), 'line 2 is not JSON: the file ends in the middle of it'],
    ['an array', `\n[${JSON.stringify(account('a'))}]`, 'storage-accounts.ndjson: line 2 is not a JSON object'],
    ['null', 'null\n', 'storage-accounts.ndjson: line 1 is not a JSON object'],
    ['bytes that are no UTF-8', Buffer.from(two, 'latin1').fill(0xff, 30, 31), 'holds bytes that are not UTF-8'],
    ['UTF-16 without a mark', Buffer.from(two, 'utf16le'), 'looks like UTF-16 without a byte-order mark'],
    ['half a character', utf16(two, 'le').subarray(0, -1), 'ends in the middle of a character'],
  ])('names the file and the line for %s', async (_, content, message) => {
    const reading = (await opened({ 'storage-accounts.ndjson': content })).read('storage-accounts');

    await expect(reading).rejects.toThrow(SnapshotMalformed);
    await expect(reading).rejects.toThrow(message);
  });

  it('does not call a broken line in the middle a file that was cut off', async () => {
    const source = await opened({ 'storage-accounts.ndjson': `{"id": "x\n${two}` });

    await expect(source.read('storage-accounts')).rejects.toThrow(/line 1 is not JSON$/u);
  });
});
