import { readdirSync, readFileSync } from 'node:fs';
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

  it('lets the auditor receive its own work and what consumers tell, and neither jobs nor what was rejected', () => {
    expect(template('roles.bicep').variable('receivedQueueNames')).toEqual([
      queues.auditWork,
      queues.remediationResults,
    ]);
  });

  it.each(['roles.bicep', 'remediator-roles.bicep'])('gives roles on queues that exist in %s', (name) => {
    const roles = template(name);
    const named = ['sentQueueNames', 'receivedQueueNames'].flatMap((variable) => roles.variable(variable) as string[]);

    expect(named.filter((queue) => !Object.values<string>(queues).includes(queue))).toEqual([]);
  });

  it('gives the auditor roles on the topic that exists', () => {
    const roles = template('roles.bicep');
    const topic = roles.resources.find(({ type }) => type.startsWith('Microsoft.ServiceBus/namespaces/topics@'));
    const topicName = topic && properties(topic.node).get('name');

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
    const added = roles.variable('addedTableNames') as string[];
    const read = roles.variable('readTableNames') as string[];

    expect(read).toEqual([tables.approvals]);
    expect([...written, ...added, ...read].sort()).toEqual(Object.values(tables).sort());
  });
});

describe('the two identities as deployed', () => {
  const list = (module: string, variable: string): string[] => template(module).variable(variable) as string[];

  it('lets the auditor write no approval, and the remediator nothing but jobs and approvals', () => {
    expect(list('roles.bicep', 'writtenTableNames')).not.toContain(tables.approvals);
    expect(list('remediator-roles.bicep', 'writtenTableNames')).toEqual([tables.jobs, tables.approvals]);
    expect(list('remediator-roles.bicep', 'readTableNames')).toContain(tables.findings);
  });

  it('lets the auditor add jobs and remove them, and change none', () => {
    expect(list('roles.bicep', 'addedTableNames')).toEqual([tables.jobs]);
    expect(list('roles.bicep', 'writtenTableNames')).not.toContain(tables.jobs);
    const role = template('data-roles.bicep').resources.filter(({ type }) =>
      type.startsWith('Microsoft.Authorization/roleDefinitions@'),
    );

    expect(role.map(({ node }) => node.text.match(/entities\/[\w/]+/gu))).toEqual([
      ['entities/read', 'entities/add/action', 'entities/delete'],
    ]);
  });

  it('lets the auditor take no job, and the remediator send no alert', () => {
    expect(list('roles.bicep', 'receivedQueueNames')).not.toContain(queues.remediationJobs);
    expect(template('remediator-roles.bicep').root.text).not.toContain(topics.driftAlerts);
    expect(list('remediator-roles.bicep', 'sentQueueNames').sort()).toEqual(
      [queues.auditWork, queues.rejected, queues.remediationJobs, queues.remediationResults].sort(),
    );
  });

  it.each(['writtenTables', 'addedTables', 'readTables', 'sentQueues', 'receivedQueues'])(
    'scopes the roles on %s to each of them, and none to a whole account or namespace',
    (parent) => {
      const assignments = template('data-roles.bicep')
        .resources.filter(({ type }) => type.startsWith('Microsoft.Authorization/roleAssignments@'))
        .map(({ node }) => /scope: (\S+)/.exec(node.text)?.[1] ?? '');

      expect(assignments).toContain(`${parent}[index]`);
      expect(assignments).not.toContain('storage');
      expect(assignments).not.toContain('serviceBus');
    },
  );

  it('assigns these roles and no other, each on this', () => {
    const templates = readdirSync(modules).map((name) => [name, template(name)] as const);
    const assigned = templates.flatMap(([name, { resources }]) =>
      resources
        .filter(({ type }) => type.startsWith('Microsoft.Authorization/roleAssignments@'))
        .map(({ node }) => {
          const scope = /^\s+scope: (\S+)/mu.exec(node.text)?.[1] ?? 'the subscription';
          const builtIn = /'Microsoft\.Authorization\/roleDefinitions', (?:roleIds\.)?(\w+)\)/u.exec(node.text)?.[1];
          const role = builtIn ?? /roleDefinitionId: (\w+)\.id/u.exec(node.text)?.[1];
          return `${name}: ${role ?? '?'} on ${scope}`;
        }),
    );

    // A table is written where its name is among `writtenTableNames`, and nowhere else.
    expect(assigned.sort()).toEqual([
      'data-roles.bicep: monitoringMetricsPublisher on applicationInsights',
      'data-roles.bicep: rowAdder on addedTables[index]',
      'data-roles.bicep: serviceBusDataReceiver on receivedQueues[index]',
      'data-roles.bicep: serviceBusDataSender on sentQueues[index]',
      'data-roles.bicep: storageTableDataContributor on writtenTables[index]',
      'data-roles.bicep: storageTableDataReader on readTables[index]',
      'reader.bicep: readerRoleId on the subscription',
      'remediator-roles.bicep: storageBlobDataOwner on hostStorage',
      'roles.bicep: roleId on alerts',
      'roles.bicep: storageBlobDataOwner on storage',
    ]);
    const ids = (name: string): Record<string, unknown> =>
      template(name).variable('roleIds') as Record<string, unknown>;
    expect(Object.keys(ids('roles.bicep')).filter((role) => role.includes('Table'))).toEqual([]);
    expect(ids('roles.bicep')['storageBlobDataOwner']).toBe('b7e6dc6d-f1e8-4753-8033-0f276bb0955b');
    expect(ids('data-roles.bicep')['storageTableDataReader']).toBe('76199698-9eea-4c19-bc75-cec21354c6b6');
    expect(template('roles.bicep').root.text).toMatch(
      /for roleId in \[roleIds\.serviceBusDataSender, roleIds\.serviceBusDataReceiver\]/u,
    );
  });

  it('gives each identity its own roles alone', () => {
    const main = parse(readFileSync(join(modules, '../main.bicep'), 'utf8'));
    const given = main.modules.flatMap(({ name, node }) => {
      const principal = properties(properties(node).get('params') ?? node).get('principalId');
      return principal === undefined ? [] : [`${name}: ${principal.text}`];
    });

    expect(given).toEqual([
      'roles: identity.outputs.principalId',
      'reader: identity.outputs.principalId',
      'remediatorRoles: remediatorIdentity.outputs.principalId',
      'remediatorReader: remediatorIdentity.outputs.principalId',
    ]);
  });

  it('keeps the package of the remediator where the auditor cannot write', () => {
    const main = parse(readFileSync(join(modules, '../main.bicep'), 'utf8')).root.text;
    const app = main.slice(main.indexOf('module remediatorApp'), main.indexOf('module eventGrid'));

    expect(app).toContain('hostStorageName: remediatorStorage.outputs.name');
    expect(app).toContain('deploymentContainerName: remediatorStorage.outputs.deploymentContainerName');
    expect(template('roles.bicep').root.text).not.toContain('hostStorageName');
  });

  it('deploys the remediator only where it is asked for, each of its parts', () => {
    const main = parse(readFileSync(join(modules, '../main.bicep'), 'utf8'));
    const parts = main.modules.filter(({ name }) => name.startsWith('remediator'));

    expect(main.root.text).toContain('param deployRemediator bool = false');
    expect(parts.length).toBeGreaterThan(3);
    for (const { name, node } of parts) expect(node.text, name).toMatch(/= if \(deployRemediator\b/);
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

  it('make each app what it is deployed as', () => {
    const main = parse(readFileSync(join(modules, '../main.bicep'), 'utf8'));
    const apps = main.modules.filter(({ type }) => type.endsWith('function-app.bicep'));
    const roles = apps.map(({ node }) => properties(properties(node).get('params') ?? node).get('role'));

    expect(settings().get(appSettings.role)).toBe('role');
    expect(roles.map((role) => role && literal(role))).toEqual(['auditor', 'remediator']);
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
