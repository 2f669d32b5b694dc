import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  appSettings,
  blobContainers,
  connections,
  queues,
  serviceBusTopology,
  tables,
  topics,
} from '../../../infra/names.ts';
import { all, type BicepFile, bicepParser, literal, properties } from './bicep-tree.ts';

const modules = resolve(import.meta.dirname, '../../../infra/bicep/modules');

/** What a template says of one queue, topic or subscription, durations in ISO 8601. */
interface Deployed {
  name: string;
  properties: Record<string, unknown>;
}

let parse: (text: string) => BicepFile;

beforeAll(async () => {
  parse = await bicepParser();
});

function template(name: string): BicepFile {
  return parse(readFileSync(join(modules, name), 'utf8'));
}

/** Days, hours, minutes and seconds are all that the templates use. */
function milliseconds(duration: unknown): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(String(duration));
  if (match === null) throw new Error(`${String(duration)} is not a duration this test reads.`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number((part as string | undefined) ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

/** The template's words for one entity, in the words of `serviceBusTopology`. */
function topologyOf({ name, properties: said }: Deployed): Record<string, unknown> {
  const { requiresDuplicateDetection = false, duplicateDetectionHistoryTimeWindow: window, ...options } = said;
  expect(requiresDuplicateDetection, `${name}: a window needs detection switched on, and the other way round`).toBe(
    window !== undefined,
  );
  const wording: Record<string, [string, (value: unknown) => unknown]> = {
    requiresSession: ['requiresSession', (value) => value],
    maxDeliveryCount: ['maxDeliveryCount', (value) => value],
    lockDuration: ['lockDurationMs', milliseconds],
    defaultMessageTimeToLive: ['defaultTimeToLiveMs', milliseconds],
    deadLetteringOnMessageExpiration: ['deadLetterOnExpiry', (value) => value],
  };
  const told = Object.entries(options).map(([option, value]): [string, unknown] => {
    const [ours, convert] = wording[option] ?? [];
    if (ours === undefined || convert === undefined)
      throw new Error(`${name}: infra/names.ts has no word for ${option}.`);
    return [ours, convert(value)];
  });
  return {
    name,
    ...Object.fromEntries(told),
    ...(window === undefined ? {} : { duplicateDetectionWindowMs: milliseconds(window) }),
  };
}

describe('Service Bus as deployed and as the code knows it', () => {
  it('has the same queues with the same options', () => {
    const deployed = template('service-bus.bicep').variable('queues') as Deployed[];

    expect(deployed.map(topologyOf)).toEqual(serviceBusTopology.queues);
    expect(deployed.map(({ name }) => name).sort()).toEqual(Object.values(queues).sort());
  });

  it('has the same topic with the same subscriptions', () => {
    const bicep = template('service-bus.bicep');
    const names = bicep.variable('subscriptionNames') as string[];
    const options = bicep.variable('subscriptionProperties') as Record<string, unknown>;

    const deployed = {
      ...topologyOf(bicep.variable('topic') as Deployed),
      subscriptions: names.map((name) => topologyOf({ name, properties: options })),
    };

    expect([deployed]).toEqual(serviceBusTopology.topics);
  });

  it('gives roles on queues and the topic that exist', () => {
    const roles = template('roles.bicep');
    const named = ['sentQueueNames', 'receivedQueueNames'].flatMap((variable) => roles.variable(variable) as string[]);
    const topic = roles.resources.find(({ type }) => type.startsWith('Microsoft.ServiceBus/namespaces/topics@'));
    const topicName = topic && properties(topic.node).get('name');

    expect(named.filter((name) => !Object.values<string>(queues).includes(name))).toEqual([]);
    expect(topicName && literal(topicName)).toBe(topics.driftAlerts);
  });
});

describe('storage as deployed and as the code knows it', () => {
  it('has the same tables and containers', () => {
    const storage = template('storage.bicep');

    expect(storage.variable('tableNames')).toEqual(Object.values(tables));
    expect(storage.variable('containerNames')).toEqual(Object.values(blobContainers));
  });

  it('gives the auditor a role on every table, and only reading on approvals', () => {
    const roles = template('roles.bicep');
    const written = roles.variable('writtenTableNames') as string[];
    const read = roles.variable('readTableNames') as string[];

    expect(read).toEqual([tables.approvals]);
    expect([...written, ...read].sort()).toEqual(Object.values(tables).sort());
  });
});

describe('the app settings as deployed', () => {
  function settings(): Map<string, string> {
    const nodes = all(template('function-app.bicep').root, (node) => node.type === 'resource_declaration');
    const config = nodes.find((node) => node.text.startsWith('resource appSettings '));
    const block = config && properties(config).get('properties');
    if (block === undefined) throw new Error('function-app.bicep has no app settings.');
    return new Map([...properties(block)].map(([name, value]) => [name, value.text]));
  }

  it('hold every setting the code reads', () => {
    expect(Object.values(appSettings).filter((name) => !settings().has(name))).toEqual([]);
  });

  it('hold none of ours that the code does not know', () => {
    const ours = [...settings().keys()].filter((name) => name.startsWith('KERBWATCH_'));

    expect(ours.filter((name) => !Object.values<string>(appSettings).includes(name))).toEqual([]);
  });

  it('make the app an auditor', () => {
    expect(settings().get(appSettings.role)).toBe("'auditor'");
  });

  it.each([
    [connections.serviceBus, ['fullyQualifiedNamespace', 'credential', 'clientId']],
    [connections.storage, ['blobServiceUri', 'queueServiceUri', 'tableServiceUri', 'credential', 'clientId']],
  ])('name the connection %s by identity and in no other way', (connection, parts) => {
    const named = [...settings().keys()].filter((name) => name.startsWith(connection));

    expect(named.sort()).toEqual(parts.map((part) => `${connection}__${part}`).sort());
    expect(settings().get(`${connection}__credential`)).toBe("'managedidentity'");
  });
});
