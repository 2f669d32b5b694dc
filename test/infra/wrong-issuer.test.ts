import { describe, expect, it } from 'vitest';
import { compose } from '../../infra/compose.ts';
import { guid } from '../domain/build.ts';

/** A deployed app, whose environment still names the issuer of an embedded cloud; nothing of it is reached. */
const environment = {
  KERBWATCH_ROLE: 'all',
  KERBWATCH_TENANT_ID: guid(1),
  KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:1',
  KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:1',
  KERBWATCH_TOKEN: 'none',
  KERBWATCH_API_AUDIENCE: 'api://kerbwatch',
  KERBWATCH_ISSUER: `http://127.0.0.1:1/${guid(1)}/v2.0`,
  WEBSITE_SITE_NAME: 'func-auditor',
  AzureWebJobsStorage:
    'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a',
  ServiceBusConnection: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true',
};

describe('A wrong KERBWATCH_ISSUER', () => {
  it.each(['api', 'remediationApi'] as const)(
    'makes %s answer 503 and tell the log which setting it is; the rest of the app is composed',
    async (which) => {
      const services = await compose(environment);
      const logged: string[] = [];
      const log = { warn: (message: string) => void logged.push(message) };
      const request = { method: 'GET', url: 'https://x/api/v1/findings', headers: new Headers(), body: null };
      const { status, headers, body } = await services[which].handle(request, log);
      await services.close();

      expect([status, headers['Content-Type']]).toEqual([503, 'application/problem+json']);
      expect(JSON.parse(body)).toMatchObject({ type: 'urn:kerbwatch:problem:not-set-up', status: 503 });
      expect(body).toContain('KERBWATCH_ISSUER');
      expect(body).not.toContain('WEBSITE_SITE_NAME');
      expect(logged).toEqual([expect.stringMatching(/KERBWATCH_ISSUER is for the embedded cloud.*WEBSITE_SITE_NAME/u)]);
    },
  );
});
