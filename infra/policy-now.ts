import type { SeenPolicy } from '../domain/remediation/policy-effect.ts';
import { SignInRefused } from './azure/identity/sign-in-refused.ts';
import type { GraphChannel } from './azure/graph/graph-channel.ts';
import { graphLists } from './azure/graph/collections.ts';
import { readObject } from './azure/graph/read-object.ts';
import { parseConditionalAccessPolicy } from './wire/conditional-access-policy.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** Reads one policy as it is now. @returns for an id; null where it cannot be read, or is not what was documented */
export function createPolicyReader(
  graph: () => GraphChannel,
  now: () => number,
): (id: string) => Promise<SeenPolicy | null> {
  const { path, needs } = graphLists['conditional-access-policies'];
  return async (id) => {
    const readAt = now();
    try {
      const { items } = await readObject(graph(), { path: `${path}/${encodeURIComponent(id)}`, needs });
      const [object] = items;
      return object === undefined ? null : { policy: parseConditionalAccessPolicy(object), readAt };
    } catch (error) {
      // Who decides has to know that it is not known, and not why the app could not read it.
      if (error instanceof WireMalformed || error instanceof SignInRefused) return null;
      throw error;
    }
  };
}
