import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import { casesFor, conformanceCases } from '../../../cli/conformance/cases.ts';
import type { ConsumerProcess } from '../../../cli/conformance/consumer-process.ts';
import type { CaseVerdict } from '../../../cli/conformance/play-cases.ts';
import { onStage } from '../../../cli/conformance/stage.ts';
import { sampleWrites } from '../../../cli/conformance/sample-writes.ts';
import { type ActionName, actionRisks } from '../../../domain/remediation/actions.ts';
import { showsExactly } from '../../../domain/remediation/guarded-values.ts';
import { planRoute } from '../../../infra/azure/plan-path.ts';
import type { JobEvent } from '../../../infra/messages/job.ts';
import { settledWithin } from '../../../infra/settled-within.ts';
import { consume } from '../../../docs/examples/consumer.ts';
import { type Sin, startMisbehaving } from './misbehaving-consumer.ts';

const everyAction = Object.keys(actionRisks) as readonly ActionName[];
const goldens = resolve(import.meta.dirname, '../../fixtures/messages/v1');

type Start = (environment: Readonly<Record<string, string>>) => ConsumerProcess;

async function played(
  start: Start,
  names?: readonly string[],
  actions: readonly ActionName[] = ['grant-consent'],
): Promise<readonly CaseVerdict[]> {
  const { signal } = new AbortController();
  const verdicts: CaseVerdict[] = [];
  const [action = 'grant-consent'] = actions;
  const times = { patienceMs: 1_500, startPatienceMs: 3_000, lookMs: 0 };
  const options = { namespace: null, action, now: Date.now, signal, ...times, start };
  await onStage(options, async (play) => {
    for (const asked of casesFor(actions)) {
      if (names === undefined || names.includes(asked.name)) verdicts.push(await play(asked));
    }
  });
  return verdicts;
}

const startExample: Start = (environment) => {
  const serviceBus = new ServiceBusClient(environment['ServiceBusConnection'] ?? '');
  const stopping = new AbortController();
  let ended: string | null = null;
  const running = consume({
    serviceBus,
    tenantId: environment['KERBWATCH_TENANT_ID'] ?? '',
    graph: environment['KERBWATCH_GRAPH_ENDPOINT'] ?? '',
    token: () => Promise.resolve('any'),
    finished: new Map(),
    now: Date.now,
    idleMs: 30,
    pauseMs: 10,
    log: () => undefined,
    signal: stopping.signal,
  }).catch((error: unknown) => (ended = String(error)));
  return {
    ended: () => ended,
    async stop() {
      stopping.abort();
      await settledWithin(200, running);
      await settledWithin(200, serviceBus.close());
    },
  };
};

describe('The example consumer', () => {
  it('does everything that is asked of a consumer', async () => {
    const verdicts = await played(startExample);

    expect(verdicts.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(verdicts.map(({ name }) => name)).toEqual(casesFor(['grant-consent']).map(({ name }) => name));
  });
});

describe('A consumer that knows all actions and sins nowhere', () => {
  it.each<[string, readonly ActionName[]]>([
    ['what is safe', everyAction],
    // Each message of it needs its approval.
    ['what interrupts users', ['allow-aes256-kerberos']],
  ])(
    'passes where most is played with %s, so that what is caught below is the sin alone',
    { timeout: 30_000 },
    async (_, actions) => {
      const verdicts = await played((environment) => startMisbehaving(environment), undefined, actions);

      expect(verdicts.filter(({ faults }) => faults.length > 0)).toEqual([]);
      const names = actions.flatMap((action) => [`done:${action}`, `stale:${action}`]);
      expect(verdicts.map(({ name }) => name)).toEqual(expect.arrayContaining(['plain', ...names]));
    },
  );
});

describe('What is played for an action', () => {
  it.each(everyAction.map((action) => [action]))('%s is a call that its plans make, and no other', (action) => {
    const { call, answers, target } = sampleWrites[action](randomUUID);

    expect(planRoute(call.method, call.url)).not.toBeNull();
    expect(planRoute('GET', call.reads.url)).not.toBeNull();
    expect(showsExactly(answers.before, call.reads.expect)).toBe(true);
    expect(showsExactly(answers.changed, call.reads.expect)).toBe(false);
    const golden = JSON.parse(readFileSync(join(goldens, `job-${action}.json`), 'utf8')) as {
      body: JobEvent;
    } & JobEvent;
    const { data } = 'body' in golden ? golden.body : golden;
    expect([call.method, target.type, Object.keys(call.body)]).toEqual([
      data.plan[0]?.method,
      data.target.type,
      Object.keys(data.plan[0]?.body ?? {}),
    ]);
  });
});

const caught: readonly (readonly [sin: Sin, in_: string, fault: RegExp])[] = [
  ['does not compare', 'stale', /It wrote 1 times, and was to write nothing/],
  ['does not read', 'plain', /without the read that guards/],
  ['forgets what it did', 'duplicate', /It wrote 2 times, and was to write once/],
  ['forgets attempts', 'second-attempt', /did not make the call of the plan/],
  ['ignores expiry', 'expired', /was to write nothing/],
  ['ignores notBefore', 'not-yet-due', /was to write nothing/],
  ['ignores approvals', 'unapproved', /was to write nothing/],
  ['believes the risk', 'understated-risk', /was to write nothing/],
  ['makes any call', 'other-call', /was to write nothing/],
  ['ignores dryRun', 'dry-run', /was to write nothing/],
  ['does what is not known', 'unknown-action', /was to write nothing/],
  ['ignores the version', 'future-version', /was to write nothing/],
  ['wants its minor version', 'newer-minor', /did not make the call/],
  ['ignores the tenant', 'other-tenant', /was to write nothing/],
  ['follows any URL', 'url-elsewhere', /asked \w+ \/v1.0\/oauth2PermissionGrants\S* .*of another host/],
  ['follows redirects', 'redirected-read', /asked GET \/v1.0\/oauth2PermissionGrants.+ of another host$/],
  ['follows redirects', 'redirected-write', /asked POST \/v1.0\/oauth2PermissionGrants of another host(?!, with)/],
  [
    'takes its token along',
    'redirected-write',
    /asked POST \/v1.0\/oauth2PermissionGrants of another host, with its token/,
  ],
  ['takes any answer', 'redirected-write', /It reported done; right is failed or refused/],
  ['takes any answer', 'throttled', /did not make the call of the plan/],
  ['does not wait', 'throttled', /It asked again after \d+ ms, and was told to wait 1000 ms/],
  ['fails when told to wait', 'throttled', /It reported failed; right is done/],
  ['takes any answer', 'unavailable', /did not make the call of the plan/],
  ['fails when told to wait', 'unavailable', /It reported failed; right is done/],
  ['takes any answer', 'unauthorized', /It reported done; right is failed or refused/],
  ['takes any answer', 'forbidden', /It reported done; right is failed or refused/],
  ['drops what it cannot read', 'malformed', /The message vanished/],
  ['leaves the message', 'plain', /left the message in the queue/],
  ['sends no result', 'plain', /It sent no result; right is done/],
  ['sends a result of its own making', 'plain', /It sent a result that is none: /],
  ['says done of everything', 'dry-run', /It reported done; right is dry-run/],
  ['writes a body of its own', 'plain', /another body or place than the plan says/],
];

/** In what is played for one action, and in no other. */
const caughtInOneAction: readonly (readonly [ActionName, sin: Sin, in_: 'done' | 'stale' | 'unapproved', RegExp])[] = [
  ['add-missing-scopes', 'does not read', 'done', /without the read that guards/],
  ['add-privatelink-uris', 'writes a body of its own', 'done', /another body or place than the plan says/],
  ['assignment-not-required', 'does not compare', 'stale', /was to write nothing/],
  ['add-cloud-group-tag', 'does not compare', 'stale', /was to write nothing/],
  ['remove-orphaned-exclusion', 'leaves the message', 'done', /left the message in the queue/],
  ['replace-dangling-exclusion', 'ignores approvals', 'unapproved', /was to write nothing/],
  ['exclude-app-from-policy', 'does not compare', 'stale', /was to write nothing/],
  ['allow-aes256-kerberos', 'ignores approvals', 'unapproved', /was to write nothing/],
];

describe.concurrent('A consumer that sins is caught', () => {
  it.each(caught)('%s', async (sin, name, fault) => {
    const [verdict] = await played((environment) => startMisbehaving(environment, sin), [name]);

    expect(verdict?.faults.join('; ')).toMatch(fault);
  });

  it.each(caughtInOneAction)('in %s: %s', async (action, sin, in_, fault) => {
    const start: Start = (environment) => startMisbehaving(environment, sin);
    const [verdict] = await played(start, [`${in_}:${action}`], [action]);

    expect(verdict?.faults.join('; ')).toMatch(fault);
  });

  it('where it says that it carries out an action, and does not', async () => {
    const actions: readonly ActionName[] = ['grant-consent', 'add-cloud-group-tag'];
    const [granted, tagged] = await played(startExample, ['done:grant-consent', 'done:add-cloud-group-tag'], actions);

    expect(granted?.faults).toEqual([]);
    expect(tagged?.faults.join('; ')).toMatch(/did not make the call of the plan.*reported refused; right is done/);
  });

  it('in every case that there is, but for the last, which the first catches too', () => {
    const names = new Set(caught.map(([, name]) => name));
    expect(conformanceCases.map(({ name }) => name).filter((name) => !names.has(name))).toEqual(['afterwards']);
  });
});

describe('A consumer that has ended', () => {
  it('is told, and not waited for again', async () => {
    const [verdict] = await played(() => ({ ended: () => 'exit code 1', stop: () => Promise.resolve() }), ['dry-run']);

    expect(verdict).toMatchObject({ answered: false });
    expect(verdict?.faults).toContain('The consumer has ended: exit code 1');
  });
});
