import { describe, expect, it } from 'vitest';
import { connectStorage, StorageSettingsInvalid } from '../../../../infra/azure/tables/connection.ts';
import { noCredential } from './stored.ts';

const token = { getToken: async () => null };

describe('where storage is', () => {
  it('is what the identity settings say', () => {
    const connection = connectStorage(
      {
        AzureWebJobsStorage__blobServiceUri: 'https://kerb.blob.core.usgovcloudapi.net/',
        AzureWebJobsStorage__accountName: 'kerb',
      },
      { credential: () => token },
    );

    expect(connection.container('runs').url).toBe('https://kerb.blob.core.usgovcloudapi.net/runs');
    expect(() => connection.table('findings')).not.toThrow();
  });

  it('is the account in the cloud that is named', () => {
    const connection = connectStorage(
      { AzureWebJobsStorage__accountName: 'kerb' },
      { credential: () => token, endpointSuffix: 'core.chinacloudapi.cn' },
    );

    expect(connection.container('runs').url).toBe('https://kerb.blob.core.chinacloudapi.cn/runs');
  });

  it('must be said', () => {
    const connection = connectStorage({ AzureWebJobsStorage: '' }, { credential: noCredential });

    expect(() => connection.table('findings')).toThrow(StorageSettingsInvalid);
    expect(() => connection.table('findings')).toThrow(/AzureWebJobsStorage__tableServiceUri/);
  });

  it.each(['http://storage.example', 'http://127.0.0.1.example', 'nonsense'])('is not %s', (uri) => {
    const connection = connectStorage({ AzureWebJobsStorage__tableServiceUri: uri }, { credential: () => token });

    expect(() => connection.table('findings')).toThrow(StorageSettingsInvalid);
  });

  it('is not plain http on another machine in a connection string either, and the key is never told', () => {
    const connection = connectStorage(
      {
        AzureWebJobsStorage:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;TableEndpoint=http://10.0.0.1:10002/a',
      },
      { credential: noCredential },
    );

    expect(() => connection.table('findings')).toThrow(/^(?!.*c2VjcmV0).*http:\/\/10\.0\.0\.1:10002/);
  });
});
