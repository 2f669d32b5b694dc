import type { TokenCredential } from '@azure/core-auth';
import type { Endpoints } from '../endpoints.ts';
import { azureIdentities, type Identities } from './identities.ts';
import { apiNames, ownApiSignIn, type Person, personSignIn, type PersonSignInRequest } from './person-sign-in.ts';
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
  /** How the person can be asked, and for what; nobody is asked where absent. */
  readonly person?: Person | undefined;
  /** The Azure SDK's where absent. */
  readonly identities?: Identities | undefined;
}

const nobody: Person = { asking: 'none', graphScopes: () => [], signedIn: () => undefined };

/** The credentials for both APIs. Nothing is asked for until the first token is needed. */
export function resolveCredentials(request: CredentialsRequest): Credentials {
  const { endpoints, now } = request;
  if (endpoints.token !== null) {
    const credential = staticToken(endpoints.token);
    return { arm: credential, graph: credential };
  }
  const { arm, graph } = request.caller === 'workload' ? managedIdentity(request) : signIn(request);
  return {
    arm: rememberedToken(secureOnly(arm, apiNames.arm, endpoints.arm.origin), apiNames.arm, now),
    graph: rememberedToken(secureOnly(graph, apiNames.graph, endpoints.graph.origin), apiNames.graph, now),
  };
}

function managedIdentity({ env, identities = azureIdentities }: CredentialsRequest): Credentials {
  const credential = identities.managedIdentity(valueOf(env, 'AZURE_CLIENT_ID'));
  return { arm: credential, graph: credential };
}

/**
 * The person's credential for the HTTP API of Kerbwatch, where no token was given. Nothing is asked for until the first token is needed.
 * @param address of the API; a real token goes there over https alone
 */
export function resolveApiCredential(request: CredentialsRequest, address: string): TokenCredential {
  const credential = secureOnly(ownApiSignIn(personRequest(request)), apiNames.own, new URL(address).origin);
  return rememberedToken(credential, apiNames.own, request.now);
}

function signIn(request: CredentialsRequest): Credentials {
  return personSignIn(personRequest(request));
}

function personRequest({
  env,
  person = nobody,
  identities = azureIdentities,
  ...request
}: CredentialsRequest): PersonSignInRequest {
  return { ...request, person, identities, clientId: valueOf(env, 'KERBWATCH_CLIENT_ID') };
}

function valueOf(env: CredentialsRequest['env'], name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}

/** A real token never travels in the clear, not even to this machine. */
function secureOnly(credential: TokenCredential, api: string, origin: string): TokenCredential {
  if (origin.startsWith('https:')) return credential;
  return refusing(api, `${origin} is plain http, which takes no real token; set KERBWATCH_TOKEN.`);
}

function refusing(api: string, reason: string): TokenCredential {
  return { getToken: () => Promise.reject(new SignInRefused(api, reason)) };
}
