import type { AppCheck } from '../domain/audit/ports.ts';
import type { LiveEstate } from './azure/estate.ts';
import { appExists } from './azure/graph/app-exists.ts';

/**
 * Asks for one app after another: few are asked about, and nobody waits.
 * @param estate gives a source that has read nothing yet.
 */
export function createAppCheck(estate: () => Pick<LiveEstate, 'graph' | 'requests'>): AppCheck {
  return {
    async gone(appIds) {
      const { graph, requests } = estate();
      const gone = new Set<string>();
      for (const appId of appIds) if ((await appExists(graph, appId)) === false) gone.add(appId);
      return { appIds: gone, requests: { ...requests } };
    },
  };
}
