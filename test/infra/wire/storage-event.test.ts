import { describe, expect, it } from 'vitest';
import { ForeignEvent } from '../../../infra/wire/foreign-event.ts';
import { storageEvent } from '../../../infra/wire/storage-event.ts';
import { WireMalformed } from '../../../infra/wire/wire-malformed.ts';

const tenantId = '72f988bf-0000-4000-8000-000000000001';
const subscription = '/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4';
const group = `${subscription}/resourceGroups/Profiles`;
const account = `${group}/providers/Microsoft.Storage/storageAccounts/contosoprofiles`;
const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/pe-contosoprofiles`;
const assignment = '/providers/Microsoft.Authorization/roleAssignments/0f0f0f0f-0000-4000-8000-000000000002';
const objectId = '9d2ca44a-0000-4000-8000-000000000009';
const upn = 'ada.lovelace@contoso.example';
const claims = {
  'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': upn,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': upn,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'Lovelace',
  ipaddr: '203.0.113.7',
  appid: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
  groups: 'g1,g2',
};
const time = '2026-11-21T12:00:00.1234567Z';
const at = Date.UTC(2026, 10, 21, 12, 0, 0, 123);

type Members = Readonly<Record<string, unknown>>;

function gridEvent(data: Members = {}, type = 'Microsoft.Resources.ResourceWriteSuccess') {
  return {
    id: 'event-1',
    topic: subscription,
    subject: account,
    eventType: type,
    eventTime: time,
    data: { resourceUri: account, operationName: 'Microsoft.Storage/storageAccounts/write', claims, tenantId, ...data },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

function cloudEvent({ topic, eventType, eventTime, id, subject, data }: ReturnType<typeof gridEvent>) {
  return { id, source: topic, subject, type: eventType, time: eventTime, specversion: '1.0', data };
}

/** What both schemas make of it, which must be the same. */
function read(data: Members = {}, type?: string) {
  const event = gridEvent(data, type);
  const grid = storageEvent(event, tenantId);
  expect(storageEvent(cloudEvent(event), tenantId)).toEqual(grid);
  return grid;
}

/** What the storage watch has to notice (domain facts 6): each as write, as delete and as action where there is one. */
const share = `${account}/fileServices/default/shares/profiles`;
const noticed: readonly (readonly [what: string, resource: string, operation: string, actions: readonly string[]])[] = [
  ['a storage account', account, 'Microsoft.Storage/storageAccounts', ['regenerateKey']],
  ['a file service', `${account}/fileServices/default`, 'Microsoft.Storage/storageAccounts/fileServices', ['anAction']],
  ['a share', share, 'Microsoft.Storage/storageAccounts/fileServices/shares', ['restore']],
  ['a private endpoint', endpoint, 'Microsoft.Network/privateEndpoints', ['anAction']],
  ['a role at an account', `${account}${assignment}`, 'Microsoft.Authorization/roleAssignments', ['anAction']],
  ['a role at a group', `${group}${assignment}`, 'Microsoft.Authorization/roleAssignments', ['anAction']],
];
const steps = noticed.flatMap(([what, resource, operation, actions]) =>
  [['Write', 'write'], ['Delete', 'delete'], ...actions.map((action) => ['Action', `${action}/action`])].map(
    ([type = '', verb = '']) => [type, what, resource, `${operation}/${verb}`] as const,
  ),
);

function expectedOf(resource: string) {
  if (resource.startsWith(account)) return { kind: 'account', accountId: account };
  if (resource === endpoint) return { kind: 'private-endpoint', endpointId: endpoint };
  return { kind: 'role-scope', scope: group };
}

describe.each(['the Event Grid schema', 'CloudEvents'])('What the storage watch notices, in %s', (schema) => {
  it.each(steps)('%s of %s', (type, _, resourceUri, operationName) => {
    const event = { ...gridEvent({ resourceUri, operationName }, `Microsoft.Resources.Resource${type}Success`) };
    const given = schema === 'CloudEvents' ? cloudEvent(event) : event;

    expect(storageEvent(given, tenantId)).toEqual({
      eventId: 'event-1',
      about: expectedOf(resourceUri),
      at,
      actor: { kind: 'user', objectId },
    });
  });

  it.each(
    noticed.flatMap(([what, resource]) =>
      ['CreatedOrUpdated', 'Deleted'].map((type) => [type, what, resource] as const),
    ),
  )('notified as %s: %s', (type, _, resourceId) => {
    const notified = gridEvent(
      { resourceUri: undefined, operationName: undefined, claims: undefined, resourceInfo: { id: resourceId } },
      `Microsoft.ResourceNotifications.Resources.${type}`,
    );
    const given = schema === 'CloudEvents' ? cloudEvent(notified) : notified;

    expect(storageEvent(given, tenantId)).toEqual({
      eventId: 'event-1',
      about: expectedOf(resourceId),
      at,
      actor: { kind: 'unknown', objectId: null },
    });
  });
});

describe('An event about a storage account', () => {
  it('tells the account, its own time to the millisecond, and who', () => {
    expect(read()).toEqual({
      eventId: 'event-1',
      about: { kind: 'account', accountId: account },
      at,
      actor: { kind: 'user', objectId },
    });
  });

  it.each([
    ['Write', 'Microsoft.Storage/storageAccounts/write', ''],
    ['Delete', 'Microsoft.Storage/storageAccounts/delete', ''],
    ['Action', 'Microsoft.Storage/storageAccounts/regenerateKey/action', ''],
    ['Action', 'Microsoft.Storage/storageAccounts/anActionOfTomorrow/action', ''],
    ['Write', 'Microsoft.Storage/storageAccounts/fileServices/write', '/fileServices/default'],
    ['Write', 'Microsoft.Storage/storageAccounts/fileServices/shares/write', '/fileServices/default/shares/profiles'],
    ['Delete', 'Microsoft.Storage/storageAccounts/fileServices/shares/delete', '/fileServices/default/shares/profiles'],
    [
      'Write',
      'Microsoft.Storage/storageAccounts/privateEndpointConnections/write',
      '/privateEndpointConnections/pe.1c2',
    ],
    ['Delete', 'Microsoft.Storage/storageAccounts/privateEndpointConnections/delete', '/privateEndpointConnections/p'],
    [
      'Write',
      'Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write',
      '/privateEndpointConnectionProxies/p',
    ],
    ['Write', 'Microsoft.Authorization/roleAssignments/write', assignment],
    ['Delete', 'Microsoft.Authorization/roleAssignments/delete', assignment],
    [
      'Write',
      'Microsoft.Authorization/roleAssignments/write',
      `/fileServices/default/fileshares/profiles${assignment}`,
    ],
  ])('%s %s', (what, operationName, below) => {
    const resourceUri = `${account}${below}`;

    expect(read({ operationName, resourceUri }, `Microsoft.Resources.Resource${what}Success`).about).toEqual({
      kind: 'account',
      accountId: account,
    });
  });

  it('may spell the id in lower case', () => {
    const lower = account.replace('resourceGroups', 'resourcegroups');

    expect(read({ resourceUri: account.toLowerCase() }).about).toEqual({
      kind: 'account',
      accountId: account.toLowerCase(),
    });
    expect(read({ resourceUri: lower }).about).toEqual({ kind: 'account', accountId: lower });
  });

  it.each([undefined, null, ''])('may name it in its subject only', (resourceUri) => {
    expect(read({ resourceUri }).about).toEqual({ kind: 'account', accountId: account });
  });

  it.each([
    ['as JSON in strings', { claims: JSON.stringify(claims), authorization: '{}', httpRequest: '{}' }],
    ['as objects', { claims, authorization: { scope: account }, httpRequest: { method: 'PUT' } }],
    ['without a request', { claims, httpRequest: undefined }],
  ])('may carry what surrounds the change %s', (_, data) => {
    expect(read(data).actor).toEqual({ kind: 'user', objectId });
  });

  it('is taken from a CloudEvent whose sample spells specVersion', () => {
    const { specversion, ...rest } = cloudEvent(gridEvent());

    expect(storageEvent({ ...rest, specVersion: specversion }, tenantId)).toEqual(read());
  });

  it('keeps no claim but the object id', () => {
    const text = JSON.stringify(read());

    for (const [name, value] of Object.entries(claims)) {
      if (value !== objectId) expect([name, text.includes(value)]).toEqual([name, false]);
    }
    expect(text).toContain(objectId);
  });

  const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
  it.each([
    [
      'an application by its object id',
      { [objectIdClaim]: objectId, appid: claims.appid },
      { kind: 'application', objectId },
    ],
    ['an application by its client id', { appid: claims.appid }, { kind: 'application', objectId: claims.appid }],
    ['nobody, where a name stands in place of an id', { appid: upn }, { kind: 'unknown', objectId: null }],
    ['nobody, without claims', undefined, { kind: 'unknown', objectId: null }],
    ['nobody, with null', null, { kind: 'unknown', objectId: null }],
    ['nobody, with text that is no JSON', '{', { kind: 'unknown', objectId: null }],
    ['nobody, with a list', [objectId], { kind: 'unknown', objectId: null }],
    ['nobody, with an object id that is no text', { [objectIdClaim]: 7 }, { kind: 'unknown', objectId: null }],
  ])('names %s', (_, given, actor) => {
    expect(read({ claims: given }).actor).toEqual(actor);
  });

  it.each([undefined, null, 7, 'yesterday'])('tells no time where it has none that can be read: %s', (eventTime) => {
    expect(storageEvent({ ...gridEvent(), eventTime }, tenantId)).toMatchObject({
      at: null,
      about: { kind: 'account' },
    });
  });
});

describe('A resource notification', () => {
  const notification = (id: unknown, type = 'CreatedOrUpdated', more: Members = {}) => ({
    id: 'event-2',
    source: subscription,
    subject: account,
    type: `Microsoft.ResourceNotifications.Resources.${type}`,
    time: '2026-11-21T12:00:09Z',
    specversion: '1.0',
    data: {
      resourceInfo: { id, name: 'x', type: 't', location: 'westeurope', tags: { owner: upn }, properties: { a: 1 } },
      apiVersion: '2019-06-01',
      operationalInfo: { resourceEventTime: '2026-11-21T12:00:00.1230000Z' },
      ...more,
    },
  });

  it.each(['CreatedOrUpdated', 'Deleted'])('%s tells the resource, its own time, and nobody', (type) => {
    expect(storageEvent(notification(account, type), tenantId)).toEqual({
      eventId: 'event-2',
      about: { kind: 'account', accountId: account },
      at,
      actor: { kind: 'unknown', objectId: null },
    });
  });

  it('is read in the Event Grid schema too', () => {
    const { type, time: eventTime, id, subject, data } = notification(endpoint);

    expect(storageEvent({ id, subject, eventType: type, eventTime, data }, tenantId).about).toEqual({
      kind: 'private-endpoint',
      endpointId: endpoint,
    });
  });

  it.each([undefined, null, 'now', { resourceEventTime: 7 }])(
    'has the time of its sending where it does not tell the resource’s: %s',
    (operationalInfo) => {
      expect(storageEvent(notification(account, undefined, { operationalInfo }), tenantId).at).toBe(
        Date.UTC(2026, 10, 21, 12, 0, 9),
      );
    },
  );
});

describe('An event about what leads to accounts', () => {
  it.each(['Microsoft.Network/privateEndpoints/write', 'Microsoft.Network/privateEndpoints/delete'])(
    '%s names the private endpoint',
    (operationName) => {
      expect(read({ operationName, resourceUri: endpoint }).about).toEqual({
        kind: 'private-endpoint',
        endpointId: endpoint,
      });
    },
  );

  it.each([group, subscription, '/providers/Microsoft.Management/managementGroups/contoso'])(
    'a role at %s names the scope',
    (scope) => {
      const operationName = 'Microsoft.Authorization/roleAssignments/write';

      expect(read({ operationName, resourceUri: `${scope}${assignment}` }).about).toEqual({
        kind: 'role-scope',
        scope,
      });
    },
  );

  it('a role over everything names the root', () => {
    expect(read({ resourceUri: assignment }).about).toEqual({ kind: 'role-scope', scope: '/' });
  });
});

describe('An event about something else', () => {
  it.each([
    `${group}/providers/Microsoft.Compute/virtualMachines/vm1`,
    `${group}/providers/Microsoft.Compute/virtualMachines/vm1${assignment}`,
    `${group}/providers/Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default`,
    `${group}/providers/Microsoft.Network/privateEndpoints/..`,
    `${subscription}/resourceGroups/../providers/Microsoft.Network/privateEndpoints/pe`,
    `${group}/providers/Microsoft.Storage/storageAccounts`,
    `${group}/providers/Microsoft.Storage/storageAccounts/contoso_profiles`,
    `${group}/providers/Microsoft.Storage/storageAccountsX/contosoprofiles`,
    `${account}/blobServices/default/containers/c`,
    `/tenants/t${account}`,
    group,
  ])('is passed over: %s', (resourceUri) => {
    expect(read({ resourceUri }).about.kind).toBe('nothing');
  });

  it.each(['listKeys', 'ListAccountSas', 'listServiceSas'])('is passed over where it only reads: %s', (action) => {
    const operationName = `Microsoft.Storage/storageAccounts/${action}/action`;

    expect(read({ operationName }, 'Microsoft.Resources.ResourceActionSuccess').about.kind).toBe('nothing');
  });

  it.each([
    'Microsoft.Resources.ResourceWriteFailure',
    'Microsoft.Resources.ResourceDeleteCancel',
    'Microsoft.Resources.ResourceActionFailure',
    'Microsoft.Storage.BlobCreated',
    'Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged',
  ])('is passed over where nothing of a resource changed: %s', (type) => {
    expect(read({}, type).about.kind).toBe('nothing');
  });
});

describe('An event of another tenant', () => {
  const foreign = '11111111-0000-4000-8000-000000000001';

  it('is refused, and neither it nor anything in it is named', () => {
    const reading = () => read({ tenantId: foreign });

    expect(reading).toThrow(ForeignEvent);
    expect(reading).toThrow(/^(?!.*(11111111|lovelace|contoso)).*KERBWATCH_TENANT_ID/i);
  });

  it.each([tenantId.toUpperCase(), undefined, null, ''])('is not one that names this tenant, or none: %s', (given) => {
    expect(read({ tenantId: given }).about.kind).toBe('account');
  });
});

describe('A malformed event', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /the event/],
    ['text', 'event', /the event/],
    ['a list', [gridEvent()], /the event|id/],
    ['no id', { ...gridEvent(), id: undefined }, /id/],
    ['an empty id', { ...gridEvent(), id: '' }, /id/],
    ['an endless id', { ...gridEvent(), id: 'x'.repeat(513) }, /id/],
    ['no data', { ...gridEvent(), data: undefined }, /data/],
    ['no type', { ...gridEvent(), eventType: undefined }, /eventType/],
    ['a resource that is no text', gridEvent({ resourceUri: 7 }), /data\.resourceUri/],
    ['an endless resource', gridEvent({ resourceUri: '/'.repeat(5000) }), /data\.resourceUri/],
    ['no resource', { ...gridEvent({ resourceUri: undefined }), subject: undefined }, /data\.resourceUri.*subject/],
    [
      'a notification without its resource’s id',
      { ...gridEvent({ resourceUri: '', resourceInfo: {} }), subject: '' },
      /resource/,
    ],
  ])('says what is wrong: %s', (_, event, what) => {
    expect(() => storageEvent(event, tenantId)).toThrow(WireMalformed);
    expect(() => storageEvent(event, tenantId)).toThrow(what);
  });

  it('never shows what it held', () => {
    const event = { ...gridEvent(), id: 7, subject: { upn }, data: { resourceUri: [upn], operationName: { upn } } };

    expect(() => storageEvent(event, tenantId)).toThrow(/^(?!.*lovelace)/i);
  });
});
