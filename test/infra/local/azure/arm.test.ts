import { describe, expect, it } from 'vitest';
import { collectionOf } from '../../../../infra/local/azure/local-tenant.ts';
import { isWireObject, valueAt, type WireObject } from '../../../../infra/local/azure/wire-object.ts';
import {
  accountPath,
  administrator,
  administratorToken,
  closedSubscription,
  errorIn,
  listIn,
  openSubscription,
  put,
  startedAzure,
  tenantId,
  type StartedAzure,
} from './started-azure.ts';

const version = '?api-version=2025-08-01';
const sourcePath = ['properties', 'azureFilesIdentityBasedAuthentication', 'directoryServiceOptions'];

async function switchTo(started: StartedAzure, name: string, source: string): ReturnType<StartedAzure['call']> {
  const body = { properties: { azureFilesIdentityBasedAuthentication: { directoryServiceOptions: source } } };
  return started.call('PATCH', accountPath(name) + version, body, { authorization: `Bearer ${administratorToken}` });
}

function named(started: StartedAzure, collection: 'applications' | 'service-principals', name: string): WireObject[] {
  return [...collectionOf(started.tenant, collection).values()].filter((object) => object['displayName'] === name);
}

describe('subscriptions', () => {
  it('lists only those that can be read, over pages that stay on this origin', async () => {
    const { call, azure } = await startedAzure(undefined, { resourceGraph: 10, graph: 10, arm: 1 });

    const first = await call('GET', '/subscriptions?api-version=2022-12-01');
    const next = String(first.body['nextLink']);
    const second = await call('GET', next);

    expect(new URL(next).origin).toBe(azure.origin);
    expect([...listIn(first), ...listIn(second)].map((entry) => entry['displayName'])).toEqual(['Open', 'Second']);
    expect(second.body).not.toHaveProperty('nextLink');
  });

  it('answers 403 for one that cannot be read and 404 for one that is not there', async () => {
    const { call } = await startedAzure();

    const closed = await call('GET', accountPath('files31', closedSubscription) + version);
    const unknown = await call('GET', `/subscriptions/none${version}`);

    expect(closed.status).toBe(403);
    expect(errorIn(closed).code).toBe('AuthorizationFailed');
    expect(unknown.status).toBe(404);
    expect(errorIn(unknown).code).toBe('SubscriptionNotFound');
  });
});

describe('storage accounts', () => {
  it('finds an account whatever the case of its id, and shows it as ARM does', async () => {
    const started = await startedAzure();
    put(started.tenant, 'storage-accounts', {
      id: accountPath('fromrow'),
      name: 'fromrow',
      type: 'microsoft.storage/storageaccounts',
      resourceGroup: 'rg-files',
      subscriptionId: openSubscription,
      tenantId,
    });

    const answer = await started.call('GET', accountPath('FROMROW').toUpperCase() + version);

    expect(answer.body).toEqual({
      id: accountPath('fromrow'),
      name: 'fromrow',
      type: 'Microsoft.Storage/storageAccounts',
    });
  });

  it('answers 404 ResourceNotFound for an account that is not there, 400 without an api-version', async () => {
    const { call } = await startedAzure();

    const missing = await call('GET', accountPath('nothere') + version);

    expect(missing.status).toBe(404);
    expect(errorIn(missing).code).toBe('ResourceNotFound');
    expect((await call('GET', accountPath('files11'))).status).toBe(400);
  });

  it('lists the accounts of one subscription over pages', async () => {
    const { call } = await startedAzure(undefined, { resourceGraph: 10, graph: 10, arm: 2 });
    const list = `/subscriptions/${openSubscription.toLowerCase()}/providers/Microsoft.Storage/storageAccounts${version}`;

    const first = await call('GET', list);
    const second = await call('GET', String(first.body['nextLink']));

    expect([...listIn(first), ...listIn(second)].map((account) => account['name'])).toEqual([
      'files11',
      'files12',
      'files13',
    ]);
  });

  it('merges what PATCH sends under properties and replaces tags', async () => {
    const { call } = await startedAzure();
    const patch = {
      tags: { owner: 'me' },
      properties: { azureFilesIdentityBasedAuthentication: { defaultSharePermission: 'None' } },
    };

    const answer = await call('PATCH', accountPath('files12') + version, patch);

    expect(answer.body['tags']).toEqual({ owner: 'me' });
    expect(valueAt(answer.body, ['properties', 'azureFilesIdentityBasedAuthentication'])).toEqual({
      directoryServiceOptions: 'None',
      activeDirectoryProperties: { domainName: 'corp.contoso.com' },
      defaultSharePermission: 'None',
    });
  });

  it('creates an account by PUT, and says which names are taken even where it cannot look', async () => {
    const started = await startedAzure();
    const check = `/subscriptions/${openSubscription}/providers/Microsoft.Storage/checkNameAvailability${version}`;
    const body = { kind: 'FileStorage', location: 'westeurope', sku: { name: 'Premium_LRS' } };

    const free = await started.call('POST', check, { name: 'brandnew', type: 'Microsoft.Storage/storageAccounts' });
    const made = await started.call('PUT', accountPath('brandnew') + version, body);
    const taken = await started.call('POST', check, { name: 'brandnew' });
    const hidden = await started.call('POST', check, { name: 'files31' });
    const stolen = await started.call('PUT', accountPath('files31') + version, body);

    expect(free.body).toEqual({ nameAvailable: true });
    expect(made.status).toBe(200);
    expect(taken.body).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(hidden.body).toMatchObject({ nameAvailable: false });
    expect(stolen.status).toBe(409);
    expect(started.events.map(({ eventType }) => eventType)).toEqual(['Microsoft.Resources.ResourceWriteSuccess']);
  });
});

describe('what the storage provider does in the directory', () => {
  it('makes a new application and principal, without consent, when an account is switched to AADKERB', async () => {
    const started = await startedAzure();

    const answer = await switchTo(started, 'files12', 'AADKERB');

    const [application] = named(started, 'applications', '[Storage Account] files12.file.core.windows.net');
    const [principal] = named(started, 'service-principals', '[Storage Account] files12.file.core.windows.net');
    expect(valueAt(answer.body, sourcePath)).toBe('AADKERB');
    expect(application?.['identifierUris']).toEqual([
      `api://${tenantId}/HOST/files12.file.core.windows.net`,
      `api://${tenantId}/CIFS/files12.file.core.windows.net`,
      `api://${tenantId}/HTTP/files12.file.core.windows.net`,
      'HOST/files12.file.core.windows.net',
      'CIFS/files12.file.core.windows.net',
      'HTTP/files12.file.core.windows.net',
    ]);
    expect(principal?.['appId']).toBe(application?.['appId']);
    expect(principal?.['servicePrincipalNames']).toContain(principal?.['appId']);
    expect(principal?.['passwordCredentials']).toMatchObject([{ endDateTime: '2027-11-21T10:00:00.123Z' }]);
    const grants = [...collectionOf(started.tenant, 'oauth2-permission-grants').values()];
    expect(grants.some((grant) => grant['clientId'] === principal?.['id'])).toBe(false);
  });

  it('removes them and their consent when it is switched off, and gives another appId when switched on again', async () => {
    const started = await startedAzure();
    const name = '[Storage Account] files11.file.core.windows.net';
    const before = named(started, 'applications', name).map((application) => application['appId']);

    await switchTo(started, 'files11', 'None');

    expect(named(started, 'applications', name)).toEqual([]);
    expect(named(started, 'service-principals', name)).toEqual([]);
    expect(collectionOf(started.tenant, 'oauth2-permission-grants').has('grant-files11')).toBe(false);
    expect(collectionOf(started.tenant, 'oauth2-permission-grants').has('grant-files21')).toBe(true);

    await switchTo(started, 'files11', 'AADKERB');

    const after = named(started, 'applications', name).map((application) => application['appId']);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  it('leaves the directory alone when AADKERB is written over AADKERB', async () => {
    const started = await startedAzure();
    const before = [...collectionOf(started.tenant, 'applications').keys()];

    await switchTo(started, 'files11', 'AADKERB');

    expect([...collectionOf(started.tenant, 'applications').keys()]).toEqual(before);
    expect(started.events).toHaveLength(1);
  });

  it('refuses to switch on where an app of the manual preview has the name, and changes nothing', async () => {
    const started = await startedAzure();
    put(started.tenant, 'applications', { id: 'legacy', displayName: 'files12' });

    const answer = await switchTo(started, 'files12', 'AADKERB');

    expect(answer.status).toBe(400);
    expect(errorIn(answer).message).toContain('Microsoft Graph failed with code BadRequest');
    const current = await started.call('GET', accountPath('files12') + version);
    expect(valueAt(current.body, sourcePath)).toBe('None');
    expect(started.events).toEqual([]);
  });
});

describe('events of the subscription', () => {
  it('raises a write event with the claims of who asked, before the write is answered', async () => {
    const started = await startedAzure();

    await switchTo(started, 'files11', 'None');

    expect(started.events).toHaveLength(1);
    expect(started.events[0]).toMatchObject({
      topic: `/subscriptions/${openSubscription}`,
      subject: accountPath('files11').replace('resourceGroups', 'resourcegroups'),
      eventType: 'Microsoft.Resources.ResourceWriteSuccess',
      eventTime: '2026-11-21T10:00:00.1230000Z',
      dataVersion: '2',
      metadataVersion: '1',
      data: {
        operationName: 'Microsoft.Storage/storageAccounts/write',
        status: 'Succeeded',
        tenantId,
        claims: {
          'http://schemas.microsoft.com/identity/claims/objectidentifier': administrator.objectId,
          appid: administrator.appId,
          upn: administrator.upn,
        },
      },
    });
  });

  it('raises a delete event, leaves the storage app orphaned, and carries no upn for a workload', async () => {
    const started = await startedAzure();

    const answer = await started.call('DELETE', accountPath('files11') + version);

    expect(answer.status).toBe(200);
    expect((await started.call('GET', accountPath('files11') + version)).status).toBe(404);
    expect(started.events[0]).toMatchObject({
      eventType: 'Microsoft.Resources.ResourceDeleteSuccess',
      data: { operationName: 'Microsoft.Storage/storageAccounts/delete' },
    });
    expect(started.events[0]?.data.claims).not.toHaveProperty('upn');
    expect(named(started, 'applications', '[Storage Account] files11.file.core.windows.net')).toHaveLength(1);
  });

  it('raises none for a write that was refused', async () => {
    const started = await startedAzure();

    await started.call('PATCH', accountPath('nothere') + version, { properties: {} });
    await started.call('PATCH', accountPath('files11') + version, []);

    expect(started.events).toEqual([]);
  });
});

describe('file services', () => {
  const service = `/fileServices/default${version}`;

  it('shows the empty settings of an account nobody configured', async () => {
    const { call } = await startedAzure();

    const answer = await call('GET', accountPath('files11') + service);

    expect(valueAt(answer.body, ['properties', 'protocolSettings'])).toEqual({ smb: {} });
    expect(answer.body['id']).toBe(`${accountPath('files11')}/fileServices/default`);
  });

  it('replaces all properties by PUT and raises an event', async () => {
    const started = await startedAzure();
    const settings = { smb: { kerberosTicketEncryption: 'AES-256;' } };

    await started.call('PUT', accountPath('files11') + service, { properties: { protocolSettings: settings } });

    const answer = await started.call('GET', accountPath('files11') + service);
    expect(answer.body['properties']).toEqual({ protocolSettings: settings });
    expect(started.events[0]?.data.operationName).toBe('Microsoft.Storage/storageAccounts/fileServices/write');
  });

  it.each([
    ['a rule that is not whole', { cors: { corsRules: [{ allowedOrigins: ['*'] }] } }, 'InvalidRequestContent'],
    ['rules that are no list', { cors: { corsRules: {} } }, 'InvalidRequestContent'],
    [
      'a retention of no days',
      { shareDeleteRetentionPolicy: { enabled: true, days: 0 } },
      'InvalidRequestPropertyValue',
    ],
  ])('refuses %s, and keeps what there is', async (_, properties, code) => {
    const { call } = await startedAzure();
    const before = await call('GET', accountPath('files11') + service);

    const answer = await call('PUT', accountPath('files11') + service, { properties });

    expect([answer.status, errorIn(answer).code]).toEqual([400, code]);
    expect((await call('GET', accountPath('files11') + service)).body).toEqual(before.body);
  });

  it('lets nobody write who may only read', async () => {
    const { call, azure } = await startedAzure();
    azure.faults.forbidWriting('file-services');

    const answer = await call('PUT', accountPath('files11') + service, { properties: {} });

    expect([answer.status, errorIn(answer).code]).toEqual([403, 'AuthorizationFailed']);
    expect((await call('GET', accountPath('files11') + service)).status).toBe(200);
  });

  it('refuses kinds without files, and callers without the right', async () => {
    const started = await startedAzure();
    await started.call('PATCH', accountPath('files13') + version, { kind: 'BlobStorage' });
    const blob = await started.call('GET', accountPath('files13') + service);
    started.azure.faults.forbid('file-services');
    const forbidden = await started.call('GET', accountPath('files11') + service);

    expect(errorIn(blob).code).toBe('FeatureNotSupportedForAccount');
    expect(forbidden.status).toBe(403);
    expect(isWireObject(forbidden.body['error'])).toBe(true);
  });
});
