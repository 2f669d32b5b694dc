import { delegatedScopes, policyReadAll } from '../domain/model/permissions.ts';
import type { Rule } from '../domain/rules/rule.ts';
import type { Credentials } from '../infra/azure/identity/resolve-credentials.ts';
import type { SignedIn } from '../infra/azure/identity/first-that-works.ts';
import type { Endpoints } from '../infra/azure/endpoints.ts';
import { askingOf } from './asking.ts';
import type { Io } from './io.ts';
import { rulesThatNeed } from './report/rules-that-need.ts';
import { signedInLine } from './report/signed-in-line.ts';

export interface SignIn {
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
  /** How the person signed in for Microsoft Graph; null before, and for a token that was given. */
  readonly forGraph: () => SignedIn | null;
}

/**
 * The sign-in of the person at the terminal. Nothing is asked yet.
 *
 * @param tell says something that stays: where to type a code, and how the person signed in
 * @param rulesOn the rules that are switched on, by the time that Microsoft Graph is asked
 * @param moreScopes delegated scopes of Microsoft Graph beyond those that the rules need
 * @throws EndpointInvalid
 */
export async function signIn(
  { env, stderr, now }: Io,
  tenantId: string | null,
  tell: (text: string) => void,
  rulesOn: () => readonly Rule[],
  moreScopes: readonly string[] = [],
): Promise<SignIn> {
  const [{ resolveEndpoints }, { resolveCredentials }, { apiNames }] = await Promise.all([
    import('../infra/azure/endpoints.ts'),
    import('../infra/azure/identity/resolve-credentials.ts'),
    import('../infra/azure/identity/person-sign-in.ts'),
  ]);
  const endpoints = resolveEndpoints(env);
  let forGraph: SignedIn | null = null;
  const person = {
    asking: askingOf({ env, stderr }, process.platform),
    graphScopes: () => [...delegatedScopes(rulesOn()), ...moreScopes],
    signedIn(signedIn: SignedIn) {
      if (signedIn.api === apiNames.graph) forGraph = signedIn;
      tell(signedInLine(signedIn, rulesThatNeed(policyReadAll, rulesOn())));
    },
  };
  const credentials = resolveCredentials({ caller: 'person', endpoints, env, tenantId, prompt: tell, now, person });
  return { endpoints, credentials, forGraph: () => forGraph };
}
