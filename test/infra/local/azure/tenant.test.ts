import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTenant, TenantFileError } from '../../../../infra/local/azure/tenant.ts';

const directories: string[] = [];
const subscription = 'AAAA1111-0000-4000-8000-000000000001';
const account = {
  id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/One`,
};
const manifest = { schema: 'kerbwatch.snapshot/v1', tenantId: 't', cloud: 'AzurePublic', gaps: [] };

afterEach(async () => {
  await Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true })));
});

async function directoryWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kerbwatch-tenant-'));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

describe('loading a snapshot directory as a tenant', () => {
  it('takes subscriptions from account ids, all readable, where no file names them', async () => {
    const directory = await directoryWith({
      'manifest.json': JSON.stringify(manifest),
      'storage-accounts.ndjson': `${JSON.stringify(account)}\n${JSON.stringify({ id: account.id.toLowerCase() + 'b' })}\n`,
    });

    const tenant = await loadTenant(directory);

    expect(tenant.subscriptions).toEqual([
      { id: subscription, name: subscription, readable: true, managementGroup: null },
    ]);
    expect([...(tenant.collections.get('storage-accounts')?.keys() ?? [])]).toEqual([
      account.id.toLowerCase(),
      `${account.id.toLowerCase()}b`,
    ]);
  });

  it('forbids what was not read: a missing file or a gap for the tenant, but not an empty file', async () => {
    const gaps = [
      { collection: 'applications', scope: 'tenant', reason: 'forbidden', needs: 'Application.Read.All' },
      { collection: 'storage-accounts', scope: subscription, reason: 'forbidden', needs: 'Reader' },
    ];
    const directory = await directoryWith({
      'manifest.json': JSON.stringify({ ...manifest, gaps }),
      'storage-accounts.ndjson': JSON.stringify(account),
      'applications.ndjson': '',
      'service-principals.ndjson': '',
    });

    const { forbidden } = await loadTenant(directory);

    expect(forbidden.has('applications')).toBe(true);
    expect(forbidden.has('conditional-access-policies')).toBe(true);
    expect(forbidden.has('service-principals')).toBe(false);
    expect(forbidden.has('storage-accounts')).toBe(false);
  });

  it('reads UTF-16 with a byte-order mark', async () => {
    const text = Buffer.from(`\uFEFF${JSON.stringify(account)}\r\n`, 'utf16le');
    const directory = await directoryWith({
      'manifest.json': Buffer.from(`\uFEFF${JSON.stringify(manifest)}`),
      'storage-accounts.ndjson': text,
    });

    const tenant = await loadTenant(directory);

    expect(tenant.collections.get('storage-accounts')?.size).toBe(1);
  });

  it.each([
    ['no manifest', {}, 'manifest.json'],
    ['no storage accounts', { 'manifest.json': JSON.stringify(manifest) }, 'storage-accounts.ndjson'],
    ['a manifest without tenant', { 'manifest.json': '{}' }, 'manifest.json'],
    [
      'a truncated line',
      { 'manifest.json': JSON.stringify(manifest), 'storage-accounts.ndjson': '{"id":"a"}\n{"id":' },
      'storage-accounts.ndjson',
    ],
    [
      'a line that is no object',
      { 'manifest.json': JSON.stringify(manifest), 'storage-accounts.ndjson': '7' },
      'storage-accounts.ndjson',
    ],
  ])('refuses %s, naming the file', async (_, files, file) => {
    const directory = await directoryWith(files);

    const failure: unknown = await loadTenant(directory).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(TenantFileError);
    expect(failure).toMatchObject({ file });
  });

  it('names the line that is not JSON', async () => {
    const directory = await directoryWith({
      'manifest.json': JSON.stringify(manifest),
      'storage-accounts.ndjson': '{"id":"a"}\n{"id":',
    });

    await expect(loadTenant(directory)).rejects.toThrow('line 2');
  });
});
