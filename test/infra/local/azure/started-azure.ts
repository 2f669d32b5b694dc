import { afterEach } from 'vitest';
import type { CollectionName } from '../../../../domain/model/collection.ts';
import { collectionOf, type LocalTenant } from '../../../../infra/local/azure/local-tenant.ts';
import {
  createLocalAzure,
  type EventGridEvent,
  type LocalAzure,
  type PageSizes,
} from '../../../../infra/local/azure/server.ts';
import {
  storageApplication,
  storageServicePrincipal,
  microsoftGraphAppId,
} from '../../../../infra/local/azure/storage-application.ts';
import { isWireObject, type WireObject } from '../../../../infra/local/azure/wire-object.ts';

export const tenantId = '11111111-2222-4333-8444-555555555555';
export const openSubscription = 'AAAAAAAA-0000-4000-8000-000000000001';
export const secondSubscription = 'bbbbbbbb-0000-4000-8000-000000000002';
export const closedSubscription = 'cccccccc-0000-4000-8000-000000000003';
export const graphPrincipalId = 'd0d0d0d0-0000-4000-8000-000000000004';
export const administrator = { objectId: 'admin-object-id', appId: 'portal-app-id', upn: 'adele@contoso.com' };

const token = 'the-workload-token';
export const administratorToken = 'the-administrator-token';

/** ARM path of an account. */
export function accountPath(name: string, subscription = openSubscription): string {
  return `/subscriptions/${subscription}/resourceGroups/RG-Files/providers/Microsoft.Storage/storageAccounts/${name}`;
}

/** Two open subscriptions and a closed one, three accounts each; the first of each uses Entra Kerberos. */
export function smallTenant(): LocalTenant {
  const tenant: LocalTenant = {
    tenantId,
    subscriptions: [
      { id: openSubscription, name: 'Open', readable: true, managementGroup: 'corp' },
      { id: secondSubscription, name: 'Second', readable: true, managementGroup: 'root' },
      { id: closedSubscription, name: 'Closed', readable: false, managementGroup: 'corp' },
    ],
    managementGroups: [
      { name: 'root', displayName: 'Root', parent: null },
      { name: 'corp', displayName: 'Corp', parent: 'root' },
    ],
    collections: new Map(),
    forbidden: new Set(),
    changes: [],
  };
  for (const [index, subscription] of [openSubscription, secondSubscription, closedSubscription].entries()) {
    for (const number of [1, 2, 3]) {
      const name = `files${String(index + 1)}${String(number)}`;
      put(tenant, 'storage-accounts', account(name, subscription, number === 1 ? 'AADKERB' : 'None'));
      if (number === 1) addStorageApp(tenant, name);
    }
  }
  put(tenant, 'service-principals', {
    id: graphPrincipalId,
    appId: microsoftGraphAppId,
    displayName: 'Microsoft Graph',
  });
  return tenant;
}

function addStorageApp(tenant: LocalTenant, name: string): void {
  const ids = {
    tenantId,
    appId: `app-${name}`,
    applicationId: `application-${name}`,
    principalId: `principal-${name}`,
    keyId: `key-${name}`,
  };
  const created = new Date('2026-01-01T00:00:00Z');
  put(tenant, 'applications', storageApplication(ids, `${name}.file.core.windows.net`, created));
  put(tenant, 'service-principals', storageServicePrincipal(ids, `${name}.file.core.windows.net`, created));
  put(tenant, 'oauth2-permission-grants', {
    id: `grant-${name}`,
    clientId: ids.principalId,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: graphPrincipalId,
    scope: ' openid profile User.Read',
  });
}

function account(name: string, subscription: string, source: string): WireObject {
  return {
    id: accountPath(name, subscription),
    name,
    type: 'Microsoft.Storage/storageAccounts',
    kind: 'StorageV2',
    location: 'westeurope',
    sku: { name: 'Standard_LRS' },
    tags: { team: 'files' },
    properties: {
      primaryEndpoints: { file: `https://${name}.file.core.windows.net/` },
      azureFilesIdentityBasedAuthentication: {
        directoryServiceOptions: source,
        activeDirectoryProperties: { domainName: 'corp.contoso.com' },
      },
    },
  };
}

export function put(tenant: LocalTenant, collection: CollectionName, object: WireObject): void {
  collectionOf(tenant, collection).set(String(object['id']).toLowerCase(), object);
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: WireObject;
}

export interface StartedAzure {
  readonly azure: LocalAzure;
  readonly tenant: LocalTenant;
  readonly events: EventGridEvent[];
  /** Sends a request with the workload's token; `path` may be a whole URL. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

const running: LocalAzure[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((azure) => azure.stop()));
});

/** Starts the endpoints over a tenant; they are stopped after the test. The clock stands at 2026-11-21T10:00:00Z. */
export async function startedAzure(tenant = smallTenant(), pageSize?: PageSizes): Promise<StartedAzure> {
  const events: EventGridEvent[] = [];
  let made = 0;
  const azure = createLocalAzure({
    tenant,
    token,
    actors: new Map([[administratorToken, administrator]]),
    ...(pageSize === undefined ? {} : { pageSize }),
    onEvent: (event) => events.push(event),
    clock: () => new Date('2026-11-21T10:00:00.123Z'),
    newGuid: () => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`,
  });
  await azure.start();
  running.push(azure);
  return {
    azure,
    tenant,
    events,
    call: async (method, path, body, headers) => {
      const response = await fetch(new URL(path, azure.origin), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: unknown = text === '' ? {} : JSON.parse(text);
      return { status: response.status, headers: response.headers, body: isWireObject(parsed) ? parsed : {} };
    },
  };
}

/** The objects under `key` of an answer. */
export function listIn(answer: Answer, key = 'value'): WireObject[] {
  const list = answer.body[key];
  return Array.isArray(list) ? list.filter(isWireObject) : [];
}

/** Code of the error that an answer carries. */
export function errorIn(answer: Answer): { code: unknown; message: string } {
  const error = answer.body['error'];
  if (!isWireObject(error)) return { code: undefined, message: '' };
  return { code: error['code'], message: String(error['message']) };
}
