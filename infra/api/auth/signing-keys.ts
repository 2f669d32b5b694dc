import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** Finds the key that a token names, at a time (epoch milliseconds). Throws KeysUnavailable, and what jose throws. */
export type SigningKeys = (at: number) => JWTVerifyGetKey;

/** The issuer's keys cannot be had, so that nobody can be told from anybody. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export interface SigningKeysSource {
  readonly url: string;
  /** Lower case. A key may name the one tenant that it signs for. */
  readonly tenantId: string;
  readonly fetch: typeof fetch;
}

const second = 1000;
const minute = 60 * second;
/** How long keys are used without asking again. */
const freshFor = 60 * minute;
/** How long they are used while the issuer does not answer: Entra keeps a new key unused for longer. */
const usableFor = 24 * 60 * minute;
/** An unknown key may be a new one, or made up by somebody who wants us to ask. */
const waitAfterAnswer = 30 * second;
const waitAfterFailure = 5 * second;
const patience = 5 * second;
const bodyLimit = 256 * 1024;

const KeySet = z.object({
  keys: z
    .array(
      z.object({
        kty: z.string(),
        kid: z.string().optional(),
        use: z.string().optional(),
        n: z.string().optional(),
        e: z.string().optional(),
        issuer: z.string().optional(),
      }),
    )
    .max(100),
});

interface Kept {
  readonly find: JWTVerifyGetKey;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The keys of an issuer, fetched when the first is needed and kept; asked again for an unknown one, with a pause between. */
export function createSigningKeys(source: SigningKeysSource): SigningKeys {
  let kept: Kept | null = null;
  let notBefore = -Infinity;
  let failed = false;
  let asking: Promise<void> | null = null;

  async function ask(at: number): Promise<void> {
    try {
      kept = { find: await fetchKeys(source), at };
      failed = false;
      notBefore = at + waitAfterAnswer;
    } catch {
      failed = true;
      notBefore = at + waitAfterFailure;
    }
  }

  /** Everybody who asks meanwhile waits for the same answer. */
  async function askIfDue(at: number): Promise<void> {
    if (asking === null && at < notBefore) return;
    asking ??= ask(at).finally(() => (asking = null));
    await asking;
  }

  function usable(at: number): Kept {
    if (kept !== null && at - kept.at < usableFor) return kept;
    throw new KeysUnavailable('The signing keys of the issuer cannot be fetched');
  }

  return (at) => async (header, token) => {
    // Entra names the key in each token; without a name the choice would be ours.
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    if (kept === null || at - kept.at >= freshFor) await askIfDue(at);
    const keys = usable(at);
    try {
      return await keys.find(header, token);
    } catch (unknown) {
      if (!(unknown instanceof errors.JWKSNoMatchingKey)) throw unknown;
      await askIfDue(at);
      if (failed) throw new KeysUnavailable('Whether the key is a new one cannot be asked', { cause: unknown });
      return usable(at).find(header, token);
    }
  };
}

async function fetchKeys({ url, tenantId, fetch }: SigningKeysSource): Promise<JWTVerifyGetKey> {
  // A redirect would let somebody else say which keys to trust.
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) });
  if (!response.ok) throw new Error(`The keys were answered with ${String(response.status)}`);
  const text = await response.text();
  if (text.length > bodyLimit) throw new Error('The keys are larger than any issuer has');
  const { keys } = KeySet.parse(JSON.parse(text));
  const ours = keys.flatMap(({ kty, kid, use = 'sig', n, e, issuer }) => {
    const signsForUs = issuer === undefined || issuer.includes('{tenantid}') || issuer.toLowerCase().includes(tenantId);
    const isWhole = kid !== undefined && n !== undefined && e !== undefined;
    return signsForUs && isWhole && kty === 'RSA' && use === 'sig' ? [{ kty, kid, n, e }] : [];
  });
  if (ours.length === 0) throw new Error('No key among them signs for this tenant');
  return createLocalJWKSet({ keys: ours });
}
