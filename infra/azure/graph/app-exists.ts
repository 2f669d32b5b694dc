import { failureOf } from '../failure.ts';
import type { GraphChannel } from './graph-channel.ts';

/**
 * Whether an application or a service principal has that appId; null where that cannot be told.
 * @throws SignInRefused, AbortError
 */
export async function appExists(graph: GraphChannel, appId: string): Promise<boolean | null> {
  try {
    // Nearly always there, which takes one request.
    for (const list of ['servicePrincipals', 'applications']) {
      const { status } = await graph.send('GET', `/v1.0/${list}(appId='${encodeURIComponent(appId)}')?$select=id`);
      if (status === 200) return true;
      if (status !== 404) return null;
    }
    return false;
  } catch (error) {
    failureOf(error, null);
    return null;
  }
}
