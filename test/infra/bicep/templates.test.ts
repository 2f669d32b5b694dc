import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { all, type BicepFile, bicepParser, literal, properties } from './bicep-tree.ts';

const folder = resolve(import.meta.dirname, '../../../infra/bicep');
const paths = globSync('**/*.bicep', { cwd: folder })
  .map((path) => path.replaceAll('\\', '/'))
  .sort();

let parse: (text: string) => BicepFile;
const files = new Map<string, BicepFile>();

beforeAll(async () => {
  parse = await bicepParser();
  for (const path of paths) files.set(path, parse(readFileSync(join(folder, path), 'utf8')));
});

function file(path: string): BicepFile {
  const found = files.get(path);
  if (found === undefined) throw new Error(`infra/bicep has no ${path}.`);
  return found;
}

describe('the parser', () => {
  it('says where a broken text is broken', () => {
    expect(parse("param name string\nvar list = [\n  'a'\nresource").errors).not.toEqual([]);
    expect(parse("param name string\nvar x = { a: 'b' \n").errors[0]).toMatch(/^\d+:\d+: /);
  });

  it('reads literals as they are', () => {
    const text = "var queues = [\n  {\n    name: 'a'\n    on: true\n    count: 5\n    list: ['b', 'c']\n  }\n]\n";

    expect(parse(text).variable('queues')).toEqual([{ name: 'a', on: true, count: 5, list: ['b', 'c'] }]);
  });
});

describe.each(paths)('infra/bicep/%s', (path) => {
  it('parses', () => {
    expect(file(path).errors).toEqual([]);
  });

  it('gives each module the parameters it asks for, and no other', () => {
    for (const { type, node } of file(path).modules) {
      const target = file(relative(folder, resolve(folder, dirname(path), type)).replaceAll('\\', '/'));
      const params = properties(node).get('params');
      const given = params === undefined ? [] : [...properties(params).keys()];

      expect(given.filter((name) => !target.params.includes(name))).toEqual([]);
      expect(target.requiredParams.filter((name) => !given.includes(name))).toEqual([]);
    }
  });

  it('reads only outputs that its modules have', () => {
    const outputsRead = all(file(path).root, (node) => node.type === 'member_expression')
      .map((node) => /^(\w+)\.outputs\.(\w+)$/.exec(node.text))
      .filter((match) => match !== null);
    const modules = new Map(file(path).modules.map(({ name, type }) => [name, type]));

    for (const [text, module = '', output = ''] of outputsRead) {
      const target = file(
        relative(folder, resolve(folder, dirname(path), modules.get(module) ?? '')).replaceAll('\\', '/'),
      );
      expect(target.outputs, text).toContain(output);
    }
  });

  it('lets no key or secret out', () => {
    expect(
      all(file(path).root, (node) => /^list\w*(?:Keys|Secrets|Sas)\b/i.test(node.text)).map(({ text }) => text),
    ).toEqual([]);
  });
});

describe('the deployment', () => {
  it('makes a function app on Flex Consumption with Node 24', () => {
    const { node } = only('modules/function-app.bicep', 'Microsoft.Web/sites');

    expect(node.text).toMatch(/runtime: \{\s+name: 'node'\s+version: '24'\s+\}/);
    const plan = only('modules/function-app.bicep', 'Microsoft.Web/serverfarms').node;
    expect(literalOf(plan, 'sku')).toEqual({ name: 'FC1', tier: 'FlexConsumption' });
  });

  it.each([
    [
      'modules/storage.bicep',
      'Microsoft.Storage/storageAccounts',
      { allowSharedKeyAccess: false, allowBlobPublicAccess: false },
    ],
    ['modules/service-bus.bicep', 'Microsoft.ServiceBus/namespaces', { disableLocalAuth: true }],
    ['modules/monitoring.bicep', 'Microsoft.Insights/components', { DisableLocalAuth: true }],
  ])('lets nobody into %s with a key', (path, type, expected) => {
    const found = properties(only(path, type).node).get('properties');
    if (found === undefined) throw new Error(`${type} has no properties.`);

    for (const [name, value] of Object.entries(expected)) {
      const node = properties(found).get(name);
      expect(node && literal(node), name).toBe(value);
    }
  });

  it('assigns data roles and Reader alone, so the auditor can write neither in ARM nor in Graph', () => {
    const known: Record<string, string> = {
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
      '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
      '76199698-9eea-4c19-bc75-cec21354c6b6': 'Storage Table Data Reader',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': 'Azure Service Bus Data Receiver',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': 'Azure Service Bus Data Sender',
      '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
      'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'Reader',
    };
    const text = paths.map((path) => file(path).root.text).join('\n');

    const ids = [...text.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)].map(([id]) => id);

    expect(ids).toContain('acdd72a7-3385-48ef-bd42-f606fba81ae7');
    expect(ids.filter((id) => known[id] === undefined)).toEqual([]);
  });

  it('subscribes the function to what succeeded on storage accounts, as CloudEvents', () => {
    const events = file('modules/event-grid.bicep');

    expect(events.variable('functionName')).toBe('storage-account-changed');
    expect(events.variable('eventTypes')).toEqual([
      'Microsoft.Resources.ResourceWriteSuccess',
      'Microsoft.Resources.ResourceDeleteSuccess',
      'Microsoft.Resources.ResourceActionSuccess',
    ]);
    expect(events.root.text).toContain("eventDeliverySchema: 'CloudEventSchemaV1_0'");
    const prefixes = events.variable('operationPrefixes') as string[];
    // The service's limit is over the values of all advanced filters of one subscription: there are two, with one filter each.
    const [management, notified, ...more] = events.root.text.split('advancedFilters:').slice(1);
    expect(more).toEqual([]);
    expect(management?.match(/operatorType:/g)).toHaveLength(1);
    expect(notified?.match(/operatorType:/g)).toHaveLength(1);
    expect(prefixes.length).toBeLessThanOrEqual(25);
    expect(prefixes.filter((prefix) => prefix.length > 512)).toEqual([]);
  });

  it('subscribes the same function to resource notifications, where the deployment asks for them', () => {
    const events = file('modules/event-grid.bicep');
    const [management, notified] = events.resources
      .filter(({ type }) => type.startsWith('Microsoft.EventGrid/systemTopics/eventSubscriptions@'))
      .map(({ node }) => node.text);

    expect(events.variable('notificationTypes')).toEqual([
      'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
      'Microsoft.ResourceNotifications.Resources.Deleted',
    ]);
    expect(events.variable('notifiedResourceTypes')).toEqual([
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Network/privateEndpoints',
    ]);
    expect(events.root.text).toMatch(/topicType: 'Microsoft\.ResourceNotifications\.Resources'/);
    expect(notified).toMatch(/= if \(resourceNotifications\) \{/);
    expect(notified).toContain("key: 'data.resourceInfo.type'");
    const destination = /functionApp\.id\}\/functions\/\$\{functionName\}/;
    for (const text of [management, notified]) expect(text).toMatch(destination);
    expect(file('main.bicep').root.text).toContain('param subscribeToNotifications bool = false');
  });

  it.each([
    ['Microsoft.Storage/storageAccounts/write', true],
    ['Microsoft.Storage/storageAccounts/delete', true],
    ['Microsoft.Storage/storageAccounts/regenerateKey/action', true],
    ['Microsoft.Storage/storageAccounts/fileServices/write', true],
    ['Microsoft.Storage/storageAccounts/fileServices/shares/write', true],
    ['Microsoft.Storage/storageAccounts/fileServices/shares/delete', true],
    ['Microsoft.Storage/storageAccounts/privateEndpointConnections/write', true],
    ['Microsoft.Storage/storageAccounts/privateEndpointConnections/delete', true],
    ['Microsoft.Storage/storageAccounts/privateEndpointConnectionProxies/write', true],
    ['Microsoft.Network/privateEndpoints/write', true],
    ['Microsoft.Network/privateEndpoints/delete', true],
    ['Microsoft.Authorization/roleAssignments/write', true],
    ['Microsoft.Authorization/roleAssignments/delete', true],
    ['Microsoft.Storage/storageAccounts/listKeys/action', false],
    ['Microsoft.Storage/storageAccounts/blobServices/containers/write', false],
    ['Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write', false],
    ['Microsoft.Compute/virtualMachines/write', false],
  ])('subscribes to what rules rest on and to no more: %s, %s', (operation, subscribed) => {
    const prefixes = file('modules/event-grid.bicep').variable('operationPrefixes') as string[];

    expect(prefixes.some((prefix) => operation.startsWith(prefix))).toBe(subscribed);
  });

  it('gives every parameter of main.parameters.json a place in main.bicep', () => {
    const { parameters } = JSON.parse(readFileSync(join(folder, 'main.parameters.json'), 'utf8')) as {
      parameters: Record<string, unknown>;
    };

    expect(Object.keys(parameters).filter((name) => !file('main.bicep').params.includes(name))).toEqual([]);
    expect(file('main.bicep').requiredParams.filter((name) => !(name in parameters))).toEqual([]);
  });
});

function only(path: string, type: string): BicepFile['resources'][number] {
  const [found, ...more] = file(path).resources.filter(
    (resource) => resource.type.split('@')[0] === type && !resource.existing,
  );
  if (found === undefined || more.length > 0) throw new Error(`${path}: expected one ${type}.`);
  return found;
}

function literalOf(node: BicepFile['root'], property: string): unknown {
  const value = properties(node).get(property);
  return value === undefined ? undefined : literal(value);
}
