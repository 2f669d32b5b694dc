import type { TokenCredential } from '@azure/core-auth';

/** The same bearer token for everything; for loopback endpoints only, which `resolveEndpoints` sees to. */
export function staticToken(token: string): TokenCredential {
  return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}
