import type { TokenCredential } from '@azure/core-auth';
import type { Endpoints } from '../endpoints.ts';
import { firstThatWorks, type SignedIn, type SignInWay } from './first-that-works.ts';
import type { Identities } from './identities.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** The public client "Microsoft Graph Command Line Tools", which Microsoft keeps in every tenant. */
export const commandLineToolsClientId = '14d82eec-204b-4c2f-b7e8-296a70dab67e';

/** How a person can be asked: by a browser, by a code to type in one elsewhere, or not at all, where nobody is there. */
export type Asking = 'browser' | 'device-code' | 'none';

export interface Person {
  readonly asking: Asking;
  /** Delegated scopes of Microsoft Graph, such as `Policy.Read.All`; asked when the first token for it is needed. */
  readonly graphScopes: () => readonly string[];
  /** Told once for each API, when a way of signing in worked. */
  readonly signedIn: (signedIn: SignedIn) => void;
}

export interface PersonSignInRequest {
  readonly person: Person;
  readonly endpoints: Endpoints;
  readonly tenantId: string | null;
  /** `KERBWATCH_CLIENT_ID`: a public client that the tenant consented to; null where not set. */
  readonly clientId: string | null;
  /** Tells the person what to do now; to stderr, since stdout is for output. */
  readonly prompt: (text: string) => void;
  readonly identities: Identities;
}

/** Names of the APIs, in messages. */
export const apiNames = {
  arm: 'Azure Resource Manager',
  graph: 'Microsoft Graph',
  own: 'the Kerbwatch API',
} as const;

const nobody = { notTried: 'not asked, since nobody is at a terminal' } as const;

/**
 * How people sign in (contracts.md, Endpoints and sign-in). ARM: `az`, else browser or device code. Microsoft Graph: the
 * client of their own, else Microsoft Graph Command Line Tools by device code; `az` as last resort. Nothing is asked
 * before the first token, and then one thing at a time.
 */
export function personSignIn(request: PersonSignInRequest): { arm: TokenCredential; graph: TokenCredential } {
  const asked = askedBy(request, oneAtATime());
  const az = azWay(request);
  return {
    arm: azThenAsked(apiNames.arm, request, az, asked),
    graph: firstThatWorks({
      api: apiNames.graph,
      ways: [graphWay(request, asked), az],
      nextStep: `Run this at a terminal to sign in; or run \`${loginOf(request)}\`, which leaves some rules unknown.`,
      signedIn: request.person.signedIn,
    }),
  };
}

/** How people sign in for the HTTP API of Kerbwatch: as for ARM. */
export function ownApiSignIn(request: PersonSignInRequest): TokenCredential {
  return azThenAsked(apiNames.own, request, azWay(request), askedBy(request, oneAtATime()));
}

function azThenAsked(api: string, request: PersonSignInRequest, az: SignInWay, asked: Asked): TokenCredential {
  const { person } = request;
  return firstThatWorks({
    api,
    ways: [az, asked(api, person.asking, null)],
    nextStep: `Run \`${loginOf(request)}\`, or run this at a terminal to sign in by browser or device code.`,
    signedIn: person.signedIn,
  });
}

function azWay({ identities, tenantId }: PersonSignInRequest): SignInWay {
  return { method: 'az', clientId: null, source: identities.az(tenantId) };
}

function loginOf({ tenantId }: PersonSignInRequest): string {
  return `az login${tenantId === null ? '' : ` --tenant ${tenantId}`}`;
}

type Asked = (api: string, asking: Asking, clientId: string | null) => SignInWay;

/** A client of one's own is asked for all that the tenant consented it; Microsoft's for what an audit reads, no more. */
function graphWay({ person, endpoints, clientId }: PersonSignInRequest, asked: Asked): SignInWay {
  if (clientId !== null) return asked(apiNames.graph, person.asking, clientId);
  const way = asked(apiNames.graph, person.asking === 'none' ? 'none' : 'device-code', commandLineToolsClientId);
  const origin = endpoints.graph.scope.replace(/\/\.default$/u, '');
  const scopes = (): string[] => person.graphScopes().map((scope) => `${origin}/${scope}`);
  return 'notTried' in way.source ? way : { ...way, source: askingFor(way.source, scopes) };
}

function askedBy(
  { endpoints, tenantId, prompt, identities }: PersonSignInRequest,
  inTurn: ReturnType<typeof oneAtATime>,
) {
  const { authorityHost } = endpoints.cloud;
  return (api: string, asking: Asking, clientId: string | null): SignInWay => {
    const as = { tenantId, authorityHost, clientId };
    switch (asking) {
      case 'browser': {
        const browser = announced(identities.browser(as), () =>
          prompt(`Sign in for ${api} in the browser that opens.`),
        );
        return { method: 'browser', clientId, source: inTurn(browser) };
      }
      case 'device-code': {
        const code = identities.deviceCode(as, (text) => prompt(`For ${api}: ${text}`));
        return { method: 'device code', clientId, source: inTurn(code) };
      }
      case 'none':
        return { method: 'device code', clientId, source: nobody };
    }
  };
}

/** Says once, before the first token, what is about to happen. */
function announced(credential: TokenCredential, announce: () => void): TokenCredential {
  let said = false;
  return {
    getToken(scopes, options) {
      if (!said) announce();
      said = true;
      return credential.getToken(scopes, options);
    },
  };
}

/** Asks for these scopes instead of those that the caller names, which stay where there are none. */
function askingFor(credential: TokenCredential, scopes: () => string[]): TokenCredential {
  return {
    getToken(named, options) {
      const wanted = scopes();
      return credential.getToken(wanted.length === 0 ? named : wanted, options);
    },
  };
}
