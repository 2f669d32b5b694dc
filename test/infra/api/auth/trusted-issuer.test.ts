import { describe, expect, it } from 'vitest';
import { ApiMisconfigured } from '../../../../infra/api/auth/api-misconfigured.ts';
import { createCallerCheck } from '../../../../infra/api/auth/check-caller.ts';
import { trustedIssuer } from '../../../../infra/api/auth/trusted-issuer.ts';
import { ConfigInvalid, type Environment } from '../../../../infra/config.ts';
import { tenantId } from './issuer-for-test.ts';

const origin = 'http://127.0.0.1:7070';
const local: Environment = {
  KERBWATCH_ARM_ENDPOINT: origin,
  KERBWATCH_GRAPH_ENDPOINT: origin,
  KERBWATCH_ISSUER: `${origin}/${tenantId}/v2.0`,
};

describe('The issuer that is trusted', () => {
  // Authorities and version 1 issuers: learn.microsoft.com, National clouds, and the tokens of each.
  it.each([
    [undefined, 'https://login.microsoftonline.com', 'https://sts.windows.net'],
    ['AzurePublic', 'https://login.microsoftonline.com', 'https://sts.windows.net'],
    ['AzureUSGovernment', 'https://login.microsoftonline.us', 'https://sts.windows.net'],
    ['AzureChinaCloud', 'https://login.partner.microsoftonline.cn', 'https://sts.chinacloudapi.cn'],
  ])('of %s is the tenant at its authority, in both versions', (cloud, authority, version1) => {
    expect(trustedIssuer({ AZURE_CLOUD: cloud }, tenantId)).toEqual({
      issuers: [`${authority}/${tenantId}/v2.0`, `${version1}/${tenantId}/`],
      keysUrl: `${authority}/${tenantId}/discovery/v2.0/keys`,
    });
  });

  it("is the embedded cloud's alone where that is named and all of Azure is on this machine", () => {
    expect(trustedIssuer(local, tenantId)).toEqual({
      issuers: [`${origin}/${tenantId}/v2.0`],
      keysUrl: `${origin}/${tenantId}/discovery/v2.0/keys`,
    });
  });

  it.each<[string, Environment, RegExp]>([
    ['an http issuer elsewhere', { KERBWATCH_ISSUER: `http://evil.example/${tenantId}/v2.0` }, /not on this machine/u],
    [
      'an https issuer elsewhere',
      { KERBWATCH_ISSUER: `https://evil.example/${tenantId}/v2.0` },
      /not on this machine/u,
    ],
    [
      'a name that begins like loopback',
      { KERBWATCH_ISSUER: `http://127.0.0.1.evil.example/${tenantId}/v2.0` },
      /not on/u,
    ],
    ['what is no URL', { KERBWATCH_ISSUER: 'local' }, /not on this machine/u],
    ['the issuer of another tenant', { KERBWATCH_ISSUER: `${origin}/common/v2.0` }, /would be http/u],
    ['loopback while ARM is real', { KERBWATCH_ARM_ENDPOINT: undefined }, /set KERBWATCH_ARM_ENDPOINT/u],
    ['loopback while Graph is real', { KERBWATCH_GRAPH_ENDPOINT: '' }, /set KERBWATCH_ARM_ENDPOINT/u],
    ['loopback in a deployed app', { WEBSITE_INSTANCE_ID: 'a1b2' }, /WEBSITE_INSTANCE_ID is set/u],
    ['loopback in a deployed app, by its name', { WEBSITE_SITE_NAME: 'func-auditor' }, /WEBSITE_SITE_NAME is set/u],
  ])('is never %s: whoever asks gets an error that the log has whole, and nobody is let in', async (_, over, said) => {
    const env = { ...local, KERBWATCH_API_AUDIENCE: 'api://kerbwatch', ...over };
    expect(() => trustedIssuer(env, tenantId)).toThrow(ConfigInvalid);

    const check = createCallerCheck({ env, tenantId, fetch: () => Promise.reject(new Error('Nobody asks for keys')) });
    const headers = new Headers({ authorization: 'Bearer x' });
    const asked = check(headers, 0);
    await expect(asked).rejects.toThrow(ApiMisconfigured);
    await expect(asked).rejects.toThrow(said);
    await expect(asked).rejects.toThrow('KERBWATCH_ISSUER');
  });

  it('that is wrong does not fill the log: after some requests of an address they are only refused', async () => {
    const env = { ...local, KERBWATCH_API_AUDIENCE: 'api://kerbwatch', WEBSITE_SITE_NAME: 'func-auditor' };
    const check = createCallerCheck({ env, tenantId, fetch });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => check(new Headers(), 0)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(20);
    expect(outcomes.at(-1)).toMatchObject({ value: { problem: { status: 429 } } });
  });
});
