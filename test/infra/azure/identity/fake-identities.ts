import type { TokenCredential } from '@azure/core-auth';
import type { Identities } from '../../../../infra/azure/identity/identities.ts';

/** What an identity answers: a token with this text, or this failure. */
export type Answers = Partial<Record<keyof Identities, string | Error>>;

export interface FakeIdentities extends Identities {
  /** What was made and with what, in order. */
  readonly made: { readonly kind: keyof Identities; readonly options: unknown }[];
  /** What was asked for a token and for which scopes, in order. */
  readonly asked: { readonly kind: keyof Identities; readonly scopes: readonly string[] }[];
}

/** Identities that ask nobody; one that has no answer says so in two lines, as `az` does. */
export function fakeIdentities(answers: Answers = {}): FakeIdentities {
  const made: FakeIdentities['made'] = [];
  const asked: FakeIdentities['asked'] = [];
  const credential = (kind: keyof Identities, options: unknown, prompt?: () => void): TokenCredential => {
    made.push({ kind, options });
    return {
      getToken(scopes) {
        asked.push({ kind, scopes: [scopes].flat() });
        prompt?.();
        const answer = answers[kind] ?? new Error(`${kind} is not there\nand more that nobody reads`);
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ token: answer, expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
      },
    };
  };
  return {
    made,
    asked,
    az: (tenantId) => credential('az', { tenantId }),
    browser: (as) => credential('browser', as),
    deviceCode: (as, prompt) => credential('deviceCode', as, () => prompt('type ABC at https://example.com')),
    managedIdentity: (clientId) => credential('managedIdentity', { clientId }),
  };
}
