import { defaultScope } from '../azure/clouds.ts';
import { queues, type QueueTopology, serviceBusTopology, topics, type TopicTopology } from '../names.ts';
import { brokerProperties } from './broker-properties.ts';
import { type JsonObject, messageSchemas, type PublishedMessage } from './message-schemas.ts';

/** Names of messages within the document. */
const messages = {
  remediationJob: 'remediation.requested.v1',
  remediationResult: 'remediation.completed.v1',
  driftAlert: 'drift.v1',
} as const satisfies Readonly<Record<string, PublishedMessage>>;

/** The AsyncAPI 3.0 document of the queues and the topic that others may use; operations are those of a consumer. */
export function asyncApiDocument(): JsonObject {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Kerbwatch remediation and alerts',
      version: '1.0.0',
      description:
        'For consumers that repair findings, or listen to drift, beside or instead of the one that comes with Kerbwatch. How to behave is said in docs/consumers.md.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: { serviceBus },
    channels,
    operations,
    components: { messages: messageObjects(), schemas: bodies(), securitySchemes },
  };
}

const serviceBus = {
  host: '{namespace}.servicebus.windows.net',
  protocol: 'amqps',
  protocolVersion: '1.0',
  title: 'Azure Service Bus',
  description: 'The namespace of the deployment. Azure Government and Azure China end in another domain.',
  variables: { namespace: { description: 'Name of the Service Bus namespace.' } },
  security: [ref('components/securitySchemes/entra')],
  bindings: { amqp1: {} },
};

const securitySchemes = {
  entra: {
    type: 'oauth2',
    description:
      'A token of Microsoft Entra ID. A consumer needs Azure Service Bus Data Receiver on what it receives from and Azure Service Bus Data Sender on remediation-results, and on nothing else.',
    flows: {
      clientCredentials: {
        tokenUrl: 'https://login.microsoftonline.com/organizations/oauth2/v2.0/token',
        availableScopes: { [defaultScope('https://servicebus.azure.net')]: 'What the roles of the identity allow.' },
      },
    },
  },
};

const channels = {
  remediationJobs: queueChannel(
    queues.remediationJobs,
    'remediationJob',
    'Jobs to carry out, one session per object that is written.',
  ),
  remediationResults: queueChannel(queues.remediationResults, 'remediationResult', 'What became of jobs, as hints.'),
  driftAlerts: {
    address: `${topics.driftAlerts}/subscriptions/{subscription}`,
    title: topics.driftAlerts,
    description: 'What changed for the better or the worse. Make a subscription of your own.',
    parameters: {
      subscription: {
        description: 'Name of the subscription; those of the channels that come with Kerbwatch are taken.',
        examples: subscriptionsOf(topics.driftAlerts),
      },
    },
    messages: { driftAlert: ref('components/messages/driftAlert') },
    servers: [ref('servers/serviceBus')],
    bindings: { amqp1: {} },
    'x-service-bus': { entity: 'topic', ...treatment(topicOf(topics.driftAlerts)) },
  },
  rejected: queueChannel(queues.rejected, 'rejected', 'What could never be processed, as it came, with the reason.'),
};

const operations = {
  receiveJob: operation('receive', 'remediationJobs', 'remediationJob', 'Takes a job under lock, and settles it.'),
  sendResult: operation('send', 'remediationResults', 'remediationResult', 'Says what became of a job.'),
  receiveAlert: operation('receive', 'driftAlerts', 'driftAlert', 'Takes an alert from its own subscription.'),
  receiveRejected: operation('receive', 'rejected', 'rejected', 'Looks at what was refused, and why.'),
};

function messageObjects(): JsonObject {
  const schemas = messageSchemas();
  const described = Object.entries(messages).map(([name, type]) => [
    name,
    {
      name: `kerbwatch.${type}`,
      title: schemas[type]['title'],
      summary: schemas[type]['description'],
      contentType: 'application/cloudevents+json',
      ...(carriesCorrelation(type) ? { correlationId: { location: '$message.header#/correlationId' } } : {}),
      headers: brokerProperties[type],
      payload: ref(`components/schemas/${name}`),
      bindings: { amqp1: {} },
    },
  ]);
  const rejected = {
    name: 'rejected',
    title: 'Refused message',
    summary: 'The body of the original, without what names people.',
    headers: brokerProperties.rejected,
    payload: {},
    bindings: { amqp1: {} },
  };
  return { ...(Object.fromEntries(described) as JsonObject), rejected };
}

function carriesCorrelation(type: PublishedMessage): boolean {
  return 'correlationId' in (brokerProperties[type]['properties'] as JsonObject);
}

/** A part of a document has no dialect and no id of its own. The keywords used are the same in draft 7, which AsyncAPI is built on. */
function bodies(): JsonObject {
  const schemas = messageSchemas();
  return Object.fromEntries(
    Object.entries(messages).map(([name, type]) => {
      const { $schema: _dialect, $id: _id, ...schema } = schemas[type];
      return [name, schema];
    }),
  );
}

function queueChannel(address: string, message: string, description: string): JsonObject {
  return {
    address,
    title: address,
    description,
    messages: { [message]: ref(`components/messages/${message}`) },
    servers: [ref('servers/serviceBus')],
    bindings: { amqp1: {} },
    'x-service-bus': { entity: 'queue', ...treatment(queueOf(address)) },
  };
}

function operation(action: 'send' | 'receive', channel: string, message: string, summary: string): JsonObject {
  return {
    action,
    channel: ref(`channels/${channel}`),
    summary,
    messages: [ref(`channels/${channel}/messages/${message}`)],
    bindings: { amqp1: {} },
  };
}

/** How the broker treats an entity, which the AMQP 1.0 bindings of AsyncAPI have no words for. */
function treatment(entity: QueueTopology | TopicTopology): JsonObject {
  const { name: _, ...rest } = entity;
  return Object.fromEntries(
    Object.entries(rest).flatMap(([key, value]): [string, unknown][] => {
      if (typeof value === 'number' && key.endsWith('Ms')) return [[`${key.slice(0, -2)}Seconds`, value / 1000]];
      return typeof value === 'object' ? [] : [[key, value]];
    }),
  );
}

function queueOf(name: string): QueueTopology {
  return found(serviceBusTopology.queues, name);
}

function topicOf(name: string): TopicTopology {
  return found(serviceBusTopology.topics, name);
}

function subscriptionsOf(topic: string): readonly string[] {
  return topicOf(topic).subscriptions.map(({ name }) => name);
}

function found<T extends { readonly name: string }>(entities: readonly T[], name: string): T {
  const entity = entities.find((each) => each.name === name);
  if (entity === undefined) throw new Error(`infra/names.ts does not say how the broker treats ${name}`);
  return entity;
}

function ref(place: string): JsonObject {
  return { $ref: `#/${place}` };
}
