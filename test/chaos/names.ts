import type { LocalTenant } from '../../infra/local/azure/tenant.ts';

/**
 * Ids that the tenant makes up differ from run to run; what they stand for does not. Objects that are gone keep their name.
 */
export interface Names {
  learn(tenant: LocalTenant): void;
  /** The text with names for all ids that are known. */
  in(text: string): string;
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export function createNames(): Names {
  const names = new Map<string, string>();
  return {
    learn({ collections }) {
      for (const collection of ['applications', 'service-principals'] as const) {
        for (const { id, appId, displayName } of collections.get(collection)?.values() ?? []) {
          names.set(String(id).toLowerCase(), `${collection} ${String(displayName)}`);
          names.set(String(appId).toLowerCase(), `app ${String(displayName)}`);
        }
      }
      for (const { id, clientId } of collections.get('oauth2-permission-grants')?.values() ?? [])
        names.set(
          String(id).toLowerCase(),
          `consent of ${names.get(String(clientId).toLowerCase()) ?? String(clientId)}`,
        );
    },
    in: (text) => text.replace(guid, (id) => names.get(id.toLowerCase()) ?? id),
  };
}
