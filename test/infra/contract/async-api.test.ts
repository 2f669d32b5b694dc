import { describe, expect, it } from 'vitest';
import { serviceBusTopology } from '../../../infra/names.ts';
import { contract, type Json } from './committed.ts';

/** As it is committed; that it is what the code says, the test of the generated documents sees to. */
const document = contract('asyncapi.json');
const { servers, channels, operations, components } = document as Readonly<
  Record<string, Readonly<Record<string, Json>>>
>;

/** The objects of AsyncAPI 3.0 that are used here: the members that each has to have, and those that it may have. */
const shapes = {
  root: ['asyncapi info', 'id servers defaultContentType channels operations components'],
  info: ['title version', 'termsOfService contact license description tags externalDocs'],
  server: [
    'host protocol',
    'pathname protocolVersion title summary description variables security tags externalDocs bindings',
  ],
  channel: ['', 'address messages title summary description servers parameters tags externalDocs bindings'],
  parameter: ['', 'enum default description examples location'],
  operation: ['action channel', 'title summary description security tags externalDocs bindings traits messages reply'],
  message: [
    '',
    'headers payload correlationId contentType name title summary description tags externalDocs bindings examples traits',
  ],
  components: [
    '',
    'schemas servers channels operations messages securitySchemes serverVariables parameters correlationIds replies tags',
  ],
  oauth2: ['type flows', 'description scopes'],
  clientCredentials: ['tokenUrl availableScopes', 'refreshUrl'],
} as const;

function expectShape(shape: keyof typeof shapes, object: unknown): void {
  const [required, optional] = shapes[shape].map((names) => names.split(' ').filter((name) => name !== ''));
  const names = Object.keys(object as Json).filter((name) => !/^x-[\w.-]+$/.test(name));
  expect(names).toEqual(expect.arrayContaining(required ?? []));
  expect(names.filter((name) => ![...(required ?? []), ...(optional ?? [])].includes(name))).toEqual([]);
}

function resolved(reference: string): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, name) => (value as Json | undefined)?.[name], document);
}

function everyObject(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value as Json]), ...Object.values(value).flatMap(everyObject)];
}

describe('docs/contract/asyncapi.json', () => {
  it('is of AsyncAPI 3.0, with the members that every object has to have and no others', () => {
    expect(document['asyncapi']).toBe('3.0.0');
    expectShape('root', document);
    expectShape('info', document['info']);
    expectShape('components', components);
    for (const server of Object.values(servers ?? {})) expectShape('server', server);
    for (const channel of Object.values(channels ?? {})) {
      expectShape('channel', channel);
      for (const parameter of Object.values((channel['parameters'] ?? {}) as Json)) expectShape('parameter', parameter);
    }
    for (const operation of Object.values(operations ?? {})) expectShape('operation', operation);
    for (const message of Object.values(components?.['messages'] ?? {})) expectShape('message', message);
    for (const scheme of Object.values(components?.['securitySchemes'] ?? {})) {
      expectShape('oauth2', scheme);
      expectShape('clientCredentials', ((scheme as Json)['flows'] as Json)['clientCredentials']);
    }
  });

  it('refers only to what is in it', () => {
    const references = everyObject(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));

    expect(references.length).toBeGreaterThan(15);
    expect(references.filter((reference) => resolved(reference) === undefined)).toEqual([]);
  });

  it('has operations that send or receive, each with messages of its own channel', () => {
    for (const { action, channel, messages } of Object.values(operations ?? {})) {
      const { $ref } = channel as { readonly $ref: string };
      expect(['send', 'receive']).toContain(action);
      expect($ref).toMatch(/^#\/channels\/\w+$/);
      for (const message of messages as readonly { $ref: string }[]) {
        expect(message.$ref.startsWith(`${$ref}/messages/`)).toBe(true);
      }
    }
  });

  it('has a consumer receive jobs and alerts, and send results alone', () => {
    const sent = Object.entries(operations ?? {}).filter(([, { action }]) => action === 'send');
    expect(sent.map(([, { channel }]) => channel)).toEqual([{ $ref: '#/channels/remediationResults' }]);
  });

  it('names a parameter for each part of an address in braces, and a variable for each of a host', () => {
    const inBraces = (text: unknown): string[] => [...String(text).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    for (const { address, parameters = {} } of Object.values(channels ?? {})) {
      expect(Object.keys(parameters as Json)).toEqual(inBraces(address));
    }
    for (const { host, variables = {} } of Object.values(servers ?? {})) {
      expect(Object.keys(variables as Json)).toEqual(inBraces(host));
    }
  });

  it('says nothing in the bindings of AMQP 1.0, which take no members', () => {
    const bindings = everyObject(document).flatMap((object) => ('bindings' in object ? [object['bindings']] : []));
    expect(new Set(bindings.map((binding) => JSON.stringify(binding)))).toEqual(new Set(['{"amqp1":{}}']));
  });

  it('says of each channel what the broker does, as it is deployed', () => {
    const jobs = serviceBusTopology.queues.find(({ name }) => name === 'remediation-jobs');
    expect(channels?.['remediationJobs']?.['x-service-bus']).toMatchObject({
      entity: 'queue',
      requiresSession: true,
      deadLetterOnExpiry: true,
      maxDeliveryCount: 5,
      duplicateDetectionWindowSeconds: (jobs?.duplicateDetectionWindowMs ?? 0) / 1000,
    });
    expect(channels?.['driftAlerts']?.['x-service-bus']).toEqual({
      entity: 'topic',
      duplicateDetectionWindowSeconds: 86_400,
      defaultTimeToLiveSeconds: 86_400,
    });
  });

  it('describes bodies as the published schemas do', () => {
    const { $schema: _dialect, $id: _id, ...job } = contract('remediation.requested.v1.schema.json');
    expect(components?.['schemas']?.['remediationJob']).toEqual(job);
  });

  it('uses keywords alone that JSON Schema 2020-12 and draft 7, on which AsyncAPI is built, read the same way', () => {
    const keywords = new Set(everyObject(components?.['schemas']).flatMap((object) => Object.keys(object)));
    const newer = [
      '$defs',
      '$dynamicRef',
      'prefixItems',
      'dependentRequired',
      'dependentSchemas',
      'unevaluatedProperties',
    ];
    expect(newer.filter((keyword) => keywords.has(keyword))).toEqual([]);
  });
});
