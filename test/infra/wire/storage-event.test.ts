import { describe, expect, it } from 'vitest';
import { storageEvent } from '../../../infra/wire/storage-event.ts';
import { WireMalformed } from '../../../infra/wire/wire-malformed.ts';

const subscription = '/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4';
const account = `${subscription}/resourceGroups/Profiles/providers/Microsoft.Storage/storageAccounts/contosoprofiles`;
const objectId = '9d2ca44a-0000-4000-8000-000000000009';
const upn = 'ada.lovelace@contoso.example';
const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const claims = {
  [objectIdClaim]: objectId,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': upn,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': upn,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'Lovelace',
  ipaddr: '203.0.113.7',
  appid: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
  groups: 'g1,g2',
};

function resourceEvent(over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 'event-1',
    topic: subscription,
    subject: account,
    eventType: 'Microsoft.Resources.ResourceWriteSuccess',
    eventTime: '2026-11-21T12:00:00.1234567Z',
    data: { resourceUri: account, operationName: 'Microsoft.Storage/storageAccounts/write', claims, ...over },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

function about(resourceUri: string) {
  return storageEvent(resourceEvent({ resourceUri }));
}

describe('An event about a storage account', () => {
  it('is read in the Event Grid schema', () => {
    expect(storageEvent(resourceEvent())).toEqual({
      eventId: 'event-1',
      accountId: account,
      actor: { kind: 'user', objectId },
    });
  });

  it('is read as a CloudEvent, and says the same', () => {
    const { id, subject, eventType, eventTime, data } = resourceEvent();
    const cloudEvent = {
      id,
      subject,
      source: subscription,
      type: eventType,
      time: eventTime,
      specversion: '1.0',
      data,
    };

    expect(storageEvent(cloudEvent)).toEqual(storageEvent(resourceEvent()));
  });

  it('may spell the id in lower case', () => {
    expect(about(account.toLowerCase())?.accountId).toBe(account.toLowerCase());
    expect(about(account.replace('resourceGroups', 'resourcegroups'))?.accountId.toLowerCase()).toBe(
      account.toLowerCase(),
    );
  });

  it.each(['fileServices/default', 'fileServices/default/shares/profiles', 'privateEndpointConnections/pe.1'])(
    'may be about %s under it',
    (child) => {
      expect(about(`${account}/${child}`)?.accountId).toBe(account);
    },
  );

  it('may name it in its subject only', () => {
    expect(storageEvent(resourceEvent({ resourceUri: undefined }))?.accountId).toBe(account);
  });

  it('may carry its claims as JSON in a string', () => {
    expect(storageEvent(resourceEvent({ claims: JSON.stringify(claims) }))?.actor).toEqual({ kind: 'user', objectId });
  });

  it('keeps no claim but the object id', () => {
    const text = JSON.stringify(storageEvent(resourceEvent()));

    for (const [name, value] of Object.entries(claims)) {
      if (value !== objectId) expect([name, text.includes(value)]).toEqual([name, false]);
    }
    expect(text).toContain(objectId);
  });

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
    expect(storageEvent(resourceEvent({ claims: given }))?.actor).toEqual(actor);
  });
});

describe('An event about something else', () => {
  const group = `${subscription}/resourceGroups/Profiles`;
  it.each([
    `${group}/providers/Microsoft.Network/privateEndpoints/pe-contosoprofiles`,
    `${group}/providers/Microsoft.Compute/virtualMachines/vm1`,
    `${group}/providers/Microsoft.Storage/storageAccounts`,
    `${group}/providers/Microsoft.Storage/storageAccounts/contoso_profiles`,
    `${group}/providers/Microsoft.Storage/storageAccountsX/contosoprofiles`,
    `/tenants/t${account}`,
    group,
  ])('is passed over: %s', (resourceUri) => {
    expect(about(resourceUri)).toBeNull();
  });
});

describe('A malformed event', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /the event/],
    ['text', 'event', /the event/],
    ['a list', [resourceEvent()], /the event|id/],
    ['no id', { ...resourceEvent(), id: undefined }, /id/],
    ['an empty id', { ...resourceEvent(), id: '' }, /id/],
    ['no data', { ...resourceEvent(), data: undefined }, /data/],
    ['no type', { ...resourceEvent(), eventType: undefined }, /eventType/],
    ['a resource that is no text', resourceEvent({ resourceUri: 7 }), /data\.resourceUri/],
  ])('says what is wrong: %s', (_, event, what) => {
    expect(() => storageEvent(event)).toThrow(WireMalformed);
    expect(() => storageEvent(event)).toThrow(what);
  });

  it('never shows what it held', () => {
    expect(() => storageEvent({ ...resourceEvent(), id: 7, subject: { upn } })).toThrow(/^(?!.*lovelace)/i);
  });
});
