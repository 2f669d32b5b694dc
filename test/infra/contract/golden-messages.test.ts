import { describe, expect, it } from 'vitest';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import { jobMessage } from '../../../infra/azure/service-bus/job-message.ts';
import { brokerProperties } from '../../../infra/contract/broker-properties.ts';
import { parseAlertEvent } from '../../../infra/messages/alert.ts';
import { parseJobEvent } from '../../../infra/messages/job.ts';
import { MessageMalformed } from '../../../infra/messages/malformed.ts';
import { parseResultEvent } from '../../../infra/messages/result.ts';
import { accepts } from '../../cli/pages/json-schema-check.ts';
import { job, noon } from '../azure/samples.ts';
import { contract, type GoldenMessage, goldenMessages, type Json } from './committed.ts';

const published = {
  'remediation-jobs': { name: 'remediation.requested.v1', parse: parseJobEvent },
  'remediation-results': { name: 'remediation.completed.v1', parse: parseResultEvent },
  'drift-alerts': { name: 'drift.v1', parse: parseAlertEvent },
} as const;

function publishedFor({ channel, name }: GoldenMessage) {
  const found = Object.entries(published).find(([each]) => each === channel);
  if (found === undefined) throw new Error(`The golden message ${name} names the channel ${channel}`);
  return found[1];
}

const golden = goldenMessages('v1');

describe.each(golden.map((message) => ({ ...message, message })))('The golden message $name', ({ message }) => {
  const { name, parse } = publishedFor(message);

  it('is still read, from its text as from its bytes, with every member that this version knows', () => {
    const text = JSON.stringify(message.body);

    expect(message.body).toMatchObject(withoutDefaults(parse(text)));
    expect(parse(Buffer.from(text))).toEqual(parse(text));
  });

  it('is what the published schema of the body describes', () => {
    expect(accepts(contract(`${name}.schema.json`), message.body)).toBe(true);
  });

  it('has the broker properties that the contract describes', () => {
    expect(accepts(brokerProperties[name], message.properties)).toBe(true);
  });
});

/** What a reader adds to a message that does not say it. */
function withoutDefaults(event: { readonly data: object }): Json {
  if (!('actorConfidence' in event.data) || event.data.actorConfidence !== 'unknown') return { ...event };
  const { actorConfidence: _, ...data } = event.data;
  return { ...event, data };
}

describe('The golden messages of version 1', () => {
  const data = (channel: string): readonly Json[] =>
    golden.filter((one) => one.channel === channel).map(({ body }) => body.data);

  it('have a job of each action, an approved one for each that is not safe', () => {
    for (const [action, risk] of Object.entries(actionRisks)) {
      const approval = risk === 'safe' ? { required: false } : { required: true };
      expect(data('remediation-jobs')).toContainEqual(expect.objectContaining({ action, risk }));
      expect(data('remediation-jobs').find((one) => one['action'] === action)).toMatchObject({ approval });
    }
  });

  it('have a job to try, and one in its second attempt', () => {
    expect(data('remediation-jobs').map(({ dryRun, attempt }) => [dryRun, attempt])).toEqual(
      expect.arrayContaining([
        [false, 1],
        [true, 1],
        [false, 2],
      ]),
    );
  });

  it('have a result of each outcome, and an alert of each transition', () => {
    const outcomes = data('remediation-results').map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(['done', 'dry-run', 'failed', 'refused']);
    expect(new Set(data('drift-alerts').map(({ transition }) => transition))).toEqual(
      new Set(['opened', 'reopened', 'worse', 'resolved', 'summary']),
    );
  });
});

describe('What this version sends', () => {
  const sent = jobMessage(job({ approvalRequired: true }), { by: 'o1', at: noon });

  it('has the broker properties that the contract describes', () => {
    const properties = { ...sent, body: undefined };
    expect(accepts(brokerProperties['remediation.requested.v1'], properties)).toBe(true);
    expect(accepts(brokerProperties['remediation.requested.v1'], { ...properties, sessionId: undefined })).toBe(false);
  });

  it('is what the published schema describes', () => {
    const sentAs = JSON.parse(JSON.stringify(sent.body)) as Json;
    expect(accepts(contract('remediation.requested.v1.schema.json'), sentAs)).toBe(true);
  });
});

describe('The published schema of a job refuses what the code refuses', () => {
  const schema = contract('remediation.requested.v1.schema.json');
  const [sample] = golden.filter(({ name }) => name === 'job-grant-consent');
  const data = sample?.body.data ?? {};
  const [call] = (data['plan'] as readonly Json[] | undefined) ?? [];

  it.each([
    ['a plan without calls', { plan: [] }],
    ['no finding', { findingIds: [] }],
    ['an approval without who gave it', { approval: { required: true } }],
    ['a risk that nobody knows', { risk: 'harmless' }],
    ['an attempt that is none', { attempt: 0 }],
    ['a whole URL', { plan: [{ ...call, url: 'https://elsewhere.example/v1.0/x' }] }],
    ['a URL that names a host', { plan: [{ ...call, url: '//elsewhere.example/v1.0/x' }] }],
    ['a URL that names a host behind a backslash', { plan: [{ ...call, url: '/\\elsewhere.example/v1.0/x' }] }],
    ['a URL that names a host behind a tab', { plan: [{ ...call, url: '/\t/elsewhere.example/v1.0/x' }] }],
    ['a read of a whole URL', { plan: [{ ...call, reads: { url: 'https://elsewhere.example/', expect: {} } }] }],
    ['an undo elsewhere', { plan: [{ ...call, undo: { method: 'DELETE', url: '//elsewhere.example/', body: null } }] }],
    ['an action that is no text', { action: 7 }],
  ])('%s', (_, over) => {
    const changed = { ...sample?.body, data: { ...data, ...over } };

    expect(accepts(schema, changed)).toBe(false);
    expect(() => parseJobEvent(changed)).toThrow(MessageMalformed);
  });
});

describe('A message of another major version', () => {
  it.each(goldenMessages('v2'))('$name is refused for its version, whatever its members look like', ({ body }) => {
    expect(() => parseJobEvent(body)).toThrow(/type: of version 2, and this app reads version 1 alone/);
    expect(accepts(contract('remediation.requested.v1.schema.json'), body)).toBe(false);
  });

  it.each([
    ['result', parseResultEvent, 'kerbwatch.remediation.completed.v3', '3'],
    ['alert', parseAlertEvent, 'kerbwatch.drift.v0', '0'],
  ] as const)('a %s too', (_, parse, type, version) => {
    expect(() => parse({ type })).toThrow(`type: of version ${version}, and this app reads version 1 alone`);
  });

  it('is no other kind of message', () => {
    expect(() => parseJobEvent({ type: 'kerbwatch.drift.v2' })).toThrow(/type: Invalid input/);
  });
});
