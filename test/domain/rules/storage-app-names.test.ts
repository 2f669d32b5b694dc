import { describe, expect, it } from 'vitest';
import {
  namesMissing,
  privateLinkHost,
  storageAppNames,
  ticketNames,
} from '../../../domain/rules/storage-app-names.ts';
import { appNames, guid, host, tenantId } from '../build.ts';

describe('the names of a storage app', () => {
  it('are six for a host: three service classes, bare and under the tenant', () => {
    const names = ticketNames(host, tenantId);
    expect(names.map(({ name }) => name).sort()).toEqual(appNames().sort());
    for (const { service, form, name } of names) {
      expect(name).toBe(`${form === 'api' ? `api://${tenantId}/` : ''}${service}/${host}`);
    }
  });

  it('keep the service class in capitals and the rest in lower case', () => {
    const upper = guid(0xabc).toUpperCase();
    expect(ticketNames(host.toUpperCase(), upper).map(({ name }) => name)).toContain(
      `api://${upper.toLowerCase()}/CIFS/${host}`,
    );
  });

  it('are none without a host', () => {
    expect(ticketNames(null, tenantId)).toEqual([]);
  });

  it('are looked up in lower case, beside the titles of the storage provider and of the manual preview', () => {
    const { spns, titles } = storageAppNames('ContosoProfiles', host, tenantId);
    expect([...spns].sort()).toEqual(
      appNames()
        .map((name) => name.toLowerCase())
        .sort(),
    );
    expect(titles).toEqual([`[storage account] ${host}`, 'contosoprofiles']);
  });

  it('are missing where they are not held in any spelling', () => {
    const names = ticketNames(host, tenantId);
    expect(namesMissing(names, appNames())).toEqual([]);
    expect(
      namesMissing(
        names,
        appNames().map((name) => name.toLowerCase()),
      ),
    ).toEqual([]);
    expect(namesMissing(names, []).length).toBe(6);
    const withoutHttp = appNames().filter((name) => name !== `HTTP/${host}`);
    expect(namesMissing(names, withoutHttp)).toEqual([{ service: 'HTTP', form: 'bare', name: `HTTP/${host}` }]);
  });
});

describe('the name of a host behind a private endpoint', () => {
  it.each([
    ['contoso.file.core.windows.net', 'contoso.privatelink.file.core.windows.net'],
    ['contoso.file.core.usgovcloudapi.net', 'contoso.privatelink.file.core.usgovcloudapi.net'],
    ['contoso.z01.file.storage.azure.net', 'contoso.z01.privatelink.file.storage.azure.net'],
    ['file.file.core.windows.net', 'file.privatelink.file.core.windows.net'],
    ['Contoso.FILE.core.windows.net', 'contoso.privatelink.file.core.windows.net'],
  ])('%s', (of, name) => {
    expect(privateLinkHost(of)).toBe(name);
  });

  it('is not known for a host that has no label for files', () => {
    expect(privateLinkHost('files.contoso.com')).toBeNull();
    expect(privateLinkHost('file')).toBeNull();
  });
});
