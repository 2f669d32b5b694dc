import type { TokenCredential } from '@azure/core-auth';
import { defaultScope } from '../../infra/azure/clouds.ts';
import { resolveEndpoints } from '../../infra/azure/endpoints.ts';
import type { SignedIn } from '../../infra/azure/identity/first-that-works.ts';
import { staticToken } from '../../infra/azure/identity/static-token.ts';
import { required } from '../../infra/config.ts';
import { appSettings } from '../../infra/names.ts';
import { askingOf } from '../asking.ts';
import { UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { signedInLine } from '../report/signed-in-line.ts';
import type { ApiAddress } from './api-address.ts';

export interface ApiCredential {
  readonly credential: TokenCredential;
  readonly scope: string;
}

/**
 * What signs in to the API. Nothing is asked yet. The audience is what the person has set, and never what a server says: an
 * address typed wrong could ask for a token of Microsoft Graph, and get it.
 *
 * @param tell says where to type a code, and how the person signed in
 * @throws UsageError, ConfigInvalid, EndpointInvalid
 */
export async function apiCredential(
  { env, stderr, now }: Io,
  address: ApiAddress,
  tell: (text: string) => void,
): Promise<ApiCredential> {
  const endpoints = resolveEndpoints(env);
  if (endpoints.token !== null) {
    if (!/^[!-~]+$/u.test(endpoints.token)) {
      throw new UsageError('KERBWATCH_TOKEN is no token: it has a space or a line break in it; copy it on one line.');
    }
    if (address.isLoopback) return { credential: staticToken(endpoints.token), scope: '' };
    throw new UsageError(
      `KERBWATCH_TOKEN is only for the embedded cloud, and ${address.setting} (${address.base}) is not on this machine; unset one of them.`,
    );
  }
  const what = "the application ID URI of the API's registration, as its app setting of the same name has it";
  const [audience = ''] = required(env, appSettings.apiAudience, what).split(',');
  const { resolveApiCredential } = await import('../../infra/azure/identity/resolve-credentials.ts');
  const person = {
    asking: askingOf({ env, stderr }, process.platform),
    graphScopes: () => [],
    signedIn: (signedIn: SignedIn) => {
      tell(signedInLine(signedIn, []));
    },
  };
  const tenantId = env['KERBWATCH_TENANT_ID']?.trim() ?? '';
  const credential = resolveApiCredential(
    { caller: 'person', endpoints, env, tenantId: tenantId === '' ? null : tenantId, prompt: tell, now, person },
    address.base,
  );
  return { credential, scope: defaultScope(audience.trim()) };
}
