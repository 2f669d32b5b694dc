import { describe, expect, it } from 'vitest';
import { storageAppHosts } from '../../../domain/rules/storage-app-hosts.ts';
import { appId, appNames, host, tenantId } from '../build.ts';

function hostsIn(...names: string[]) {
  return Object.fromEntries(storageAppHosts('An app', names));
}

describe('the hosts that a storage app claims', () => {
  it('are read out of the six names, as one host', () => {
    expect(hostsIn(appId, ...appNames())).toEqual({ [host]: 'contosoprofiles' });
  });

  it.each(['CIFS', 'HOST', 'HTTP', 'cifs'])('are read out of %s names, bare or api://', (service) => {
    expect(hostsIn(`${service}/${host}`)).toEqual({ [host]: 'contosoprofiles' });
    expect(hostsIn(`api://${tenantId}/${service}/${host.toUpperCase()}`)).toEqual({ [host]: 'contosoprofiles' });
  });

  it('are read out of the display name, case ignored', () => {
    expect(Object.fromEntries(storageAppHosts(`[STORAGE account] ${host.toUpperCase()}`, []))).toEqual({
      [host]: 'contosoprofiles',
    });
  });

  it.each([
    ['abc.file.core.windows.net', 'abc'],
    ['abc.file.core.usgovcloudapi.net', 'abc'],
    ['abc.file.core.chinacloudapi.cn', 'abc'],
    ['abc.z12.file.storage.azure.net', 'abc'],
    ['abc.privatelink.file.core.windows.net', 'abc'],
    ['abc.privatelink.z12.file.storage.azure.net', 'abc'],
    ['abc.z12.privatelink.file.storage.azure.net', 'abc'],
    ['a23456789012345678901234.file.core.windows.net', 'a23456789012345678901234'],
  ])('are file endpoints of the clouds: %s', (endpoint, account) => {
    expect(hostsIn(`cifs/${endpoint}`)).toEqual({ [endpoint]: account });
  });

  it.each([
    'abc.blob.core.windows.net',
    'abc.file.core.windows.net.evil.example',
    'evil.example/abc.file.core.windows.net',
    'ab.file.core.windows.net',
    'a234567890123456789012345.file.core.windows.net',
    'a-b.file.core.windows.net',
    '.file.core.windows.net',
    'file.core.windows.net',
    'abc.file.storage.azure.net',
    'abcXfile.core.windows.net',
    'server.corp.contoso.com',
  ])('are no other hosts: %s', (other) => {
    expect(hostsIn(`cifs/${other}`)).toEqual({});
    expect(storageAppHosts(`[Storage Account] ${other}`, []).size).toBe(0);
  });

  it.each([
    host,
    `https://${host}`,
    `ldap/${host}`,
    `api://${tenantId}/${host}`,
    `xcifs/${host}`,
    `x api://a/cifs/${host}`,
    `former [Storage Account] ${host}`,
  ])('are not read out of other names: %s', (name) => {
    expect(hostsIn(name)).toEqual({});
    expect(storageAppHosts(name, []).size).toBe(0);
  });

  it('are all that are named, private link beside plain', () => {
    const link = 'contosoprofiles.privatelink.file.core.windows.net';
    expect(hostsIn(`cifs/${host}`, `cifs/${link}`, 'host/other.file.core.windows.net')).toEqual({
      [host]: 'contosoprofiles',
      [link]: 'contosoprofiles',
      'other.file.core.windows.net': 'other',
    });
  });
});
