import { describe, expect, it } from 'vitest';
import { EndpointInvalid, resolveEndpoints } from '../../../infra/azure/endpoints.ts';

const loopback = { KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:7070', KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:7070' };

describe('resolveEndpoints', () => {
  it('takes the public cloud when nothing is set', () => {
    const { arm, graph, loopback: local, token } = resolveEndpoints({});

    expect(arm).toEqual({ origin: 'https://management.azure.com', scope: 'https://management.azure.com/.default' });
    expect(graph).toEqual({ origin: 'https://graph.microsoft.com', scope: 'https://graph.microsoft.com/.default' });
    expect([local, token]).toEqual([false, null]);
  });

  it.each([
    ['AzureUSGovernment', 'https://management.usgovcloudapi.net', 'https://graph.microsoft.us'],
    ['AzureChinaCloud', 'https://management.chinacloudapi.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('takes the origins and token scopes of %s', (name, arm, graph) => {
    const endpoints = resolveEndpoints({ AZURE_CLOUD: name });

    expect(endpoints.cloud.name).toBe(name);
    expect(endpoints.arm).toEqual({ origin: arm, scope: `${arm}/.default` });
    expect(endpoints.graph).toEqual({ origin: graph, scope: `${graph}/.default` });
  });

  it('refuses an unknown cloud and names the known ones', () => {
    expect(() => resolveEndpoints({ AZURE_CLOUD: 'AzureGermanCloud' })).toThrow(/AzurePublic, AzureUSGovernment/);
  });

  it.each([
    'http://127.0.0.1:7070',
    'http://127.8.9.10:1',
    'http://127.1:7070',
    'http://[::1]:7070',
    'http://localhost:7070/',
  ])('accepts a token and plain http for %s', (origin) => {
    const endpoints = resolveEndpoints({
      KERBWATCH_ARM_ENDPOINT: origin,
      KERBWATCH_GRAPH_ENDPOINT: origin,
      KERBWATCH_TOKEN: 'secret',
    });

    expect([endpoints.loopback, endpoints.token]).toEqual([true, 'secret']);
    expect(endpoints.arm.origin).toBe(new URL(origin).origin);
  });

  it.each([
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://127.example.com',
    'http://10.0.0.1',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0:7070',
  ])('refuses plain http to %s', (origin) => {
    expect(() => resolveEndpoints({ KERBWATCH_ARM_ENDPOINT: origin })).toThrow(EndpointInvalid);
  });

  it.each([
    ['no override', {}],
    ['only one loopback endpoint', { KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:7070' }],
    ['a https endpoint elsewhere', { ...loopback, KERBWATCH_GRAPH_ENDPOINT: 'https://graph.example.com' }],
  ])('refuses a token with %s', (_case, env) => {
    expect(() => resolveEndpoints({ ...env, KERBWATCH_TOKEN: 'secret' })).toThrow(
      /KERBWATCH_TOKEN is only for loopback/,
    );
  });

  it.each([
    'https://user:word@example.com',
    'https://example.com/v1.0',
    'https://example.com/?a=1',
    'example.com',
    'ftp://example.com',
  ])('refuses %s, which is no origin', (text) => {
    expect(() => resolveEndpoints({ KERBWATCH_GRAPH_ENDPOINT: text })).toThrow(EndpointInvalid);
  });

  it('asks for a token of the overriding host, so that no other host gets a token of Microsoft Graph', () => {
    const { graph } = resolveEndpoints({ KERBWATCH_GRAPH_ENDPOINT: 'https://dod-graph.microsoft.us' });

    expect(graph.scope).toBe('https://dod-graph.microsoft.us/.default');
  });
});
