import type { TokenCredential } from '@azure/core-auth';
import { AzureCliCredential, DeviceCodeCredential, ManagedIdentityCredential } from '@azure/identity';
import type { Endpoints } from '../endpoints.ts';
import { rememberedToken } from './remembered-token.ts';
import { SignInRefused } from './sign-in-refused.ts';
import { staticToken } from './static-token.ts';

export interface Credentials {
  /** ARM and Resource Graph. */
  readonly arm: TokenCredential;
  readonly graph: TokenCredential;
}

export interface CredentialsRequest {
  /** A person at a terminal, or a function with its managed identity. */
  readonly caller: 'person' | 'workload';
  readonly endpoints: Endpoints;
  /** `AZURE_CLIENT_ID` (which managed identity) and `KERBWATCH_CLIENT_ID` (public client for Graph) are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tenantId: string | null;
  /** Tells a person where to type the device code; to stderr, since stdout is for output. */
  readonly prompt: (text: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The credentials for both APIs. Nothing is asked for until the first token is needed. */
export function resolveCredentials(request: CredentialsRequest): Credentials {
  const { endpoints, now } = request;
  if (endpoints.token !== null) {
    const credential = staticToken(endpoints.token);
    return { arm: credential, graph: credential };
  }
  const { arm, graph } = request.caller === 'workload' ? managedIdentity(request) : signIn(request);
  return {
    arm: rememberedToken(
      secureOnly(arm, 'Azure Resource Manager', endpoints.arm.origin),
      'Azure Resource Manager',
      now,
    ),
    graph: rememberedToken(secureOnly(graph, 'Microsoft Graph', endpoints.graph.origin), 'Microsoft Graph', now),
  };
}

function managedIdentity({ env }: CredentialsRequest): Credentials {
  const clientId = env['AZURE_CLIENT_ID'] ?? '';
  const credential = clientId === '' ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return { arm: credential, graph: credential };
}

function signIn({ env, endpoints, tenantId, prompt }: CredentialsRequest): Credentials {
  const tenant = tenantId === null ? {} : { tenantId };
  const arm = new AzureCliCredential(tenant);
  const clientId = env['KERBWATCH_CLIENT_ID'] ?? '';
  if (clientId === '') {
    const reason = 'set KERBWATCH_CLIENT_ID to a public client application that your tenant has consented to.';
    return { arm, graph: refusing('Microsoft Graph', reason) };
  }
  const { authorityHost } = endpoints.cloud;
  const userPromptCallback = ({ message }: { readonly message: string }): void => {
    prompt(message);
  };
  return { arm, graph: new DeviceCodeCredential({ ...tenant, clientId, authorityHost, userPromptCallback }) };
}

/** A real token never travels in the clear, not even to this machine. */
function secureOnly(credential: TokenCredential, api: string, origin: string): TokenCredential {
  if (origin.startsWith('https:')) return credential;
  return refusing(api, `${origin} is plain http, which takes no real token; set KERBWATCH_TOKEN.`);
}

function refusing(api: string, reason: string): TokenCredential {
  return { getToken: () => Promise.reject(new SignInRefused(api, reason)) };
}
