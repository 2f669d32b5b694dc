import { resolve } from 'node:path';
import { type ProcessErrorArgs, ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformanceCases } from '../../../cli/conformance/cases.ts';
import type { CaseVerdict } from '../../../cli/conformance/play-cases.ts';
import { onStage } from '../../../cli/conformance/stage.ts';
import { createServiceBusBroker, type ServiceBusBroker } from '../../../infra/local/service-bus/broker.ts';
import { serviceBusTopology } from '../../../infra/names.ts';
import { settledWithin } from '../../../infra/settled-within.ts';
import { kerbwatch } from '../recorded-io.ts';
import { startMisbehaving } from './misbehaving-consumer.ts';

const example = resolve(import.meta.dirname, '../../../docs/examples/consumer.ts');

let live: ServiceBusBroker;
let client: ServiceBusClient;
/** What others of the live namespace took. */
let taken: number;

beforeEach(async () => {
  live = createServiceBusBroker({ topology: serviceBusTopology });
  await live.start();
  client = new ServiceBusClient(live.connectionString, { retryOptions: { maxRetries: 0 } });
  taken = 0;
});

afterEach(async () => {
  await settledWithin(500, client.close());
  await live.stop();
});

const processError = (_: ProcessErrorArgs): Promise<void> => Promise.resolve();
const processMessage = (): Promise<void> => {
  taken += 1;
  return Promise.resolve();
};

/** As the remediator does. */
function takeJobs(): void {
  void (async () => {
    const session = await client.acceptNextSession('remediation-jobs');
    session.subscribe({ processMessage, processError });
  })().catch(() => undefined);
}

/** As the auditor does. */
function takeResults(): void {
  client.createReceiver('remediation-results').subscribe({ processMessage, processError });
}

async function conformance(...options: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = ['--', process.execPath, example];
  const argv = ['jobs', 'conformance', '--case', 'plain', '--patience', '3', ...options, ...program];
  return kerbwatch(argv, { env: { ServiceBusConnection: live.connectionString } });
}

async function played(lookMs: number): Promise<readonly CaseVerdict[]> {
  const verdicts: CaseVerdict[] = [];
  const times = { patienceMs: 1_500, startPatienceMs: 3_000, lookMs };
  const { signal } = new AbortController();
  const start = (environment: Readonly<Record<string, string>>) => startMisbehaving(environment);
  const around = { namespace: live.connectionString, action: 'grant-consent', now: Date.now, signal } as const;
  await onStage({ ...around, ...times, start }, async (play) => {
    for (const asked of conformanceCases.slice(0, 2)) verdicts.push(await play(asked));
  });
  return verdicts;
}

function holdsNothing(): void {
  for (const queue of ['remediation-jobs', 'remediation-jobs/$deadletterqueue', 'rejected']) {
    expect(live.depth(queue)).toEqual({ active: 0, scheduled: 0, deadLetter: 0, locked: 0 });
  }
}

describe('kerbwatch jobs conformance in a shell where ServiceBusConnection names a namespace', () => {
  it('plays on a broker of its own all the same, so that who takes jobs there gets none and spoils nothing', async () => {
    takeJobs();
    takeResults();
    const { code, stdout } = await conformance();

    expect([code, stdout]).toEqual([0, 'passed  plain\n']);
    expect(taken).toBe(0);
    holdsNothing();
  });
});

describe('A consumer that connects by identity', () => {
  it('is not told of the namespace that is named in the shell', async () => {
    const name = 'ServiceBusConnection__fullyQualifiedNamespace';
    const program = ['--', process.execPath, '-e', `console.error('named:', process.env.${name})`];
    const argv = ['jobs', 'conformance', '--case', 'plain', '--patience', '1', ...program];
    const { code, stderr } = await kerbwatch(argv, { env: { [name]: 'live.servicebus.windows.net' } });

    expect(code).toBe(1);
    expect(stderr).toContain('named: undefined');
  });
});

describe('With --namespace', () => {
  it('refuses to play where somebody else takes jobs', async () => {
    takeJobs();
    const { code, stdout, stderr } = await conformance('--namespace');

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Somebody else takes messages of remediation-jobs in the namespace 127.0.0.1');
    expect(stderr).toContain('leave --namespace out');
    expect(stderr).not.toContain('SharedAccessKey');
    expect(taken).toBe(1);
  });

  it('refuses to play where somebody else takes results, and takes its job back', async () => {
    takeResults();

    await expect(played(500)).rejects.toThrow('Somebody else takes messages of remediation-results in the namespace');
    holdsNothing();
  });

  it('refuses to play where jobs wait, and leaves them', async () => {
    await client.createSender('remediation-jobs').sendMessages({ sessionId: 's', messageId: 'm', body: {} });
    const { code, stderr } = await conformance('--namespace');

    expect(code).toBe(2);
    expect(stderr).toContain('1 jobs wait in the namespace 127.0.0.1');
    expect(live.depth('remediation-jobs').active).toBe(1);
  });

  it('plays in a namespace that nobody else uses', async () => {
    const verdicts = await played(100);

    expect(verdicts.map(({ name, faults }) => [name, faults])).toEqual([
      ['plain', []],
      ['newer-minor', []],
    ]);
    holdsNothing();
  });

  it('asks for the connection string where there is none', async () => {
    const { code, stderr } = await kerbwatch(['jobs', 'conformance', '--namespace']);

    expect(code).toBe(2);
    expect(stderr).toContain('Set ServiceBusConnection to the connection string of one that is for this alone');
  });
});
