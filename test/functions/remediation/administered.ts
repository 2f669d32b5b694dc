import type { CollectionName } from '../../../domain/model/collection.ts';
import type { EmbeddedCloud } from '../../../infra/local/embedded-cloud.ts';
import { collectionOf } from '../../../infra/local/azure/local-tenant.ts';
import { objectOf, textOf, type WireObject } from '../../../infra/local/azure/wire-object.ts';

/** The embedded tenant in the hands of an administrator, who changes it through ARM and Microsoft Graph alone. */
export interface Administered {
  readonly tenantId: string;
  /** ARM path of an account. */
  readonly account: (name: string) => string;
  /** The application the storage provider manages for an account; as it is now. */
  readonly application: (accountName: string) => WireObject;
  readonly principal: (accountName: string) => WireObject;
  /** The tenant-wide consent of its principal. */
  readonly grant: (accountName: string) => WireObject;
  /** Client ids of all applications there are. */
  readonly appIds: () => readonly string[];
  readonly get: (path: string) => Promise<WireObject>;
  /** @returns what was made, or an empty object */
  readonly send: (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<WireObject>;
}

export function administered({ azure, administratorToken }: EmbeddedCloud): Administered {
  const { tenant } = azure;
  const all = (name: CollectionName) => [...collectionOf(tenant, name).values()];

  function one(name: CollectionName, is: (object: WireObject) => boolean): WireObject {
    const [found, another] = all(name).filter(is);
    if (found === undefined || another !== undefined) throw new Error(`Not just one of ${name} is so`);
    return found;
  }

  async function ask(method: string, path: string, body?: unknown): Promise<WireObject> {
    const answer = await fetch(`${azure.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${administratorToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${String(answer.status)}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as WireObject);
  }

  const account = (name: string): WireObject => one('storage-accounts', (object) => object['name'] === name);
  const nameOfApp = (accountName: string): string => {
    const endpoint = textOf(objectOf(objectOf(account(accountName), 'properties'), 'primaryEndpoints'), 'file') ?? '';
    return `[Storage Account] ${new URL(endpoint).host}`;
  };
  const principal = (accountName: string): WireObject =>
    one('service-principals', ({ displayName }) => displayName === nameOfApp(accountName));

  return {
    tenantId: tenant.tenantId,
    account: (name) => String(account(name)['id']),
    application: (name) => one('applications', ({ displayName }) => displayName === nameOfApp(name)),
    principal,
    grant: (name) => one('oauth2-permission-grants', ({ clientId }) => clientId === principal(name)['id']),
    appIds: () => all('applications').map(({ appId }) => String(appId)),
    get: (path) => ask('GET', path),
    send: ask,
  };
}
