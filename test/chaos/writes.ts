import type { LocalAzure } from '../../infra/local/azure/server.ts';

/** The writes that Microsoft Graph has answered, counted from a log that forgets the oldest. */
export interface Writes {
  /** To be called at least every ten thousand requests. */
  look(): void;
  readonly consents: number;
  /** Consents asked for that were there already: refused, and no harm done. */
  readonly refused: number;
}

export function countWrites({ requests }: LocalAzure): Writes {
  let seen = 0;
  let consents = 0;
  let refused = 0;
  return {
    look() {
      const total = requests.graph + requests.arm + requests.resourceGraph;
      for (const { method, path, status } of requests.log.slice(seen - total)) {
        if (method !== 'POST' || !/\/oauth2PermissionGrants$/i.test(path)) continue;
        if (status === 201) consents += 1;
        else refused += 1;
      }
      seen = total;
    },
    get consents() {
      return consents;
    },
    get refused() {
      return refused;
    },
  };
}
