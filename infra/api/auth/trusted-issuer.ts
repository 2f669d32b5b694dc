import type { CloudName } from '../../azure/clouds.ts';
import { resolveEndpoints } from '../../azure/endpoints.ts';
import { isLoopback } from '../../azure/loopback.ts';
import { ConfigInvalid, type Environment } from '../../config.ts';

/** Whose tokens are believed. */
export interface TrustedIssuer {
  /** What a token's `iss` may be, to the letter. */
  readonly issuers: readonly string[];
  /** Where its public keys are; on its own origin. */
  readonly keysUrl: string;
}

/**
 * Of each cloud the authority, which issues tokens of version 2 and publishes the keys of both, and the host that tokens of
 * version 1 name (learn.microsoft.com/entra/identity-platform/authentication-national-cloud and …/access-tokens).
 */
const authorities: Readonly<Record<CloudName, { readonly authority: string; readonly version1: string }>> = {
  AzurePublic: { authority: 'https://login.microsoftonline.com', version1: 'https://sts.windows.net' },
  AzureUSGovernment: { authority: 'https://login.microsoftonline.us', version1: 'https://sts.windows.net' },
  AzureChinaCloud: { authority: 'https://login.partner.microsoftonline.cn', version1: 'https://sts.chinacloudapi.cn' },
};

/** What App Service sets for every app that it hosts. */
const setInAzure = ['WEBSITE_INSTANCE_ID', 'WEBSITE_SITE_NAME'] as const;

const setting = 'KERBWATCH_ISSUER';

/**
 * The issuer of the tenant in its cloud; with `KERBWATCH_ISSUER` the embedded cloud's instead, whose keys anybody on this
 * machine can have tokens of. So that one is taken only where all of Azure is on this machine and the app itself as well.
 *
 * @param tenantId lower case
 * @throws ConfigInvalid, EndpointInvalid
 */
export function trustedIssuer(env: Environment, tenantId: string): TrustedIssuer {
  const named = env[setting]?.trim() ?? '';
  const endpoints = resolveEndpoints(env);
  if (named === '') {
    const { authority, version1 } = authorities[endpoints.cloud.name];
    const issuers = [`${authority}/${tenantId}/v2.0`, `${version1}/${tenantId}/`];
    return { issuers, keysUrl: keysUrlOf(authority, tenantId) };
  }

  const url = URL.parse(named);
  if (url === null || !isLoopback(url)) {
    throw new ConfigInvalid(
      `${setting} names an issuer that is not on this machine; unset it: the issuer of your tenant follows from AZURE_CLOUD and KERBWATCH_TENANT_ID`,
    );
  }
  const hosted = setInAzure.find((name) => (env[name] ?? '') !== '');
  if (hosted !== undefined) {
    throw new ConfigInvalid(
      `${setting} is for the embedded cloud, and this app runs in Azure (${hosted} is set); unset it`,
    );
  }
  if (!endpoints.loopback) {
    throw new ConfigInvalid(
      `${setting} is for the embedded cloud: set KERBWATCH_ARM_ENDPOINT and KERBWATCH_GRAPH_ENDPOINT to loopback addresses as well, or unset it`,
    );
  }
  const issuer = `${url.origin}/${tenantId}/v2.0`;
  if (named !== issuer)
    throw new ConfigInvalid(`${setting} is no issuer of the embedded cloud, which would be ${issuer}`);
  return { issuers: [issuer], keysUrl: keysUrlOf(url.origin, tenantId) };
}

/** Known, and so not taken from a discovery document: nothing that is fetched says where to fetch keys. */
function keysUrlOf(authority: string, tenantId: string): string {
  return `${authority}/${tenantId}/discovery/v2.0/keys`;
}
