import { MalformedAnswer } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';
import type { ArmClients } from './arm-client.ts';

/**
 * Lower-cased ids of all subscriptions below a management group, readable or not.
 *
 * @throws RestError, MalformedAnswer, ForeignNextLink, SignInRefused, AbortError
 */
export async function descendantSubscriptions(arm: ArmClients, managementGroup: string): Promise<readonly string[]> {
  const ids = new Set<string>();
  const seen = new Set<string>();
  const group = encodeURIComponent(managementGroup);
  let next: string | null =
    `/providers/Microsoft.Management/managementGroups/${group}/descendants?api-version=2020-05-01`;
  while (next !== null) {
    if (seen.has(next)) throw new MalformedAnswer('ARM sent the same next link twice.');
    seen.add(next);
    const page: unknown = await arm.get(next);
    const value = isWireObject(page) ? page['value'] : null;
    if (!isWireObject(page) || !Array.isArray(value)) {
      throw new MalformedAnswer(`The descendants of management group ${managementGroup} are no list.`);
    }
    for (const item of value.filter(isWireObject)) {
      const { type, name } = item;
      if (typeof type !== 'string' || typeof name !== 'string') continue;
      if (type.toLowerCase().endsWith('/subscriptions')) ids.add(name.toLowerCase());
    }
    const link = page['nextLink'];
    next = typeof link === 'string' && link !== '' ? link : null;
  }
  return [...ids];
}
