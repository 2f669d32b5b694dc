/**
 * A small, complete consumer of remediation jobs: it grants consent to storage apps, and nothing else. How a consumer has to
 * behave is said in docs/consumers.md; the numbers below are those of its steps.
 *
 * Environment: ServiceBusConnection, KERBWATCH_TENANT_ID, KERBWATCH_GRAPH_ENDPOINT (an origin), KERBWATCH_TOKEN. In earnest
 * both connections are made with a managed identity, and `finished` is a table that outlives the process.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  isServiceBusError,
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusSessionReceiver,
} from '@azure/service-bus';
import { z } from 'zod';

type Outcome = 'done' | 'failed' | 'refused' | 'dry-run';

interface Result {
  readonly outcome: Outcome;
  readonly reason: string | null;
}

export interface ConsumerOptions {
  readonly serviceBus: ServiceBusClient;
  readonly tenantId: string;
  /** Origin of Microsoft Graph. */
  readonly graph: string;
  readonly token: () => Promise<string>;
  /** What became of each attempt of each job. */
  readonly finished: Map<string, Result>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long a session may be without a message before another one gets its turn. */
  readonly idleMs: number;
  /** The pause before what failed is tried again, where no answer says how long; longer each time. */
  readonly pauseMs: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What this consumer does, and the one call that each action makes. The risk is known here; the message's word is not asked. */
const actions: Readonly<Record<string, { readonly isSafe: boolean; readonly call: RegExp }>> = {
  'grant-consent': { isSafe: true, call: /^POST \/v1\.0\/oauth2PermissionGrants$/ },
};

/** Members that are not named here are ignored: they may be added within a version. */
const Job = z.object({
  type: z.literal('kerbwatch.remediation.requested.v1'),
  data: z.object({
    jobId: z.string().min(1),
    attempt: z.int().min(1),
    action: z.string(),
    tenantId: z.string(),
    plan: z
      .array(
        z.object({
          method: z.string(),
          url: z.string(),
          body: z.record(z.string(), z.unknown()),
          reads: z.object({ url: z.string(), expect: z.record(z.string(), z.unknown()) }),
        }),
      )
      .min(1),
    approval: z.object({ required: z.boolean(), by: z.string().optional(), at: z.iso.datetime().optional() }),
    dryRun: z.boolean(),
    notBefore: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  }),
});
type Job = z.infer<typeof Job>['data'];

/** Takes jobs until the signal says stop. */
export async function consume(options: ConsumerOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      // 1. Under lock, one session at a time: jobs that write the same object come one after another.
      const session = await options.serviceBus.acceptNextSession('remediation-jobs', { abortSignal: options.signal });
      await drain(session, options).finally(() => session.close());
    } catch (error) {
      // A lock that is lost, a broker that restarts: whatever was not settled comes again.
      if (!isQuiet(error)) options.log(String(error));
    }
  }
}

async function drain(session: ServiceBusSessionReceiver, options: ConsumerOptions): Promise<void> {
  while (!options.signal.aborted) {
    const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: options.idleMs });
    if (message === undefined) return;
    try {
      await take(message, session, options);
    } catch (error) {
      // What may pass comes again, five times in all; then the dead letters have it. It comes at once, so we wait before.
      options.log(`Message ${String(message.messageId)}: ${String(error)}`);
      const growing = options.pauseMs * 2 ** (message.deliveryCount ?? 0);
      const pauseMs = error instanceof Busy && error.retryAfterMs > 0 ? error.retryAfterMs : growing;
      // The lock of the session lasts five minutes; who needs longer renews it.
      await sleep(Math.min(pauseMs, 4 * 60_000), undefined, { signal: options.signal });
      await session.abandonMessage(message);
    }
  }
}

async function take(
  message: ServiceBusReceivedMessage,
  session: ServiceBusSessionReceiver,
  options: ConsumerOptions,
): Promise<void> {
  // 2. What is not a job of this version, or for somebody else, can never be processed: the dead letters keep it.
  const job = readJob(message, options.tenantId);
  if (typeof job === 'string') {
    await session.deadLetterMessage(message, { deadLetterReason: 'refused', deadLetterErrorDescription: job });
    return;
  }
  // 3. The same attempt of the same job, in whatever message it comes, is carried out once.
  const key = `${job.jobId}#${String(job.attempt)}`;
  const result = options.finished.get(key) ?? (await carryOut(job, options));
  options.finished.set(key, result);
  // 8. The result first, the message after: a crash between the two repeats the result, which is harmless.
  await tell(job, result, message, options);
  await session.completeMessage(message);
}

/** The job, or why it is none. */
function readJob({ body, applicationProperties }: ServiceBusReceivedMessage, tenantId: string): Job | string {
  const version = String(applicationProperties?.['schemaVersion']);
  if (!version.startsWith('1.')) return `Version ${version} of the contract is not known here`;
  const parsed = Job.safeParse(body);
  if (!parsed.success) return 'Not a remediation job of version 1';
  const { data } = parsed.data;
  return data.tenantId.toLowerCase() === tenantId.toLowerCase() ? data : 'A job for another tenant';
}

async function carryOut(job: Job, options: ConsumerOptions): Promise<Result> {
  const refusal = refusalOf(job, options);
  if (refusal !== null) return refused(refusal);
  for (const { method, url, body, reads } of job.plan) {
    // 6. The facts as they are now, not as they were planned against.
    const found = await send('GET', reads.url, undefined, options);
    if (!found.ok) return failed('GET', found);
    const answer: unknown = await found.json();
    const holds = Object.entries(reads.expect).every(([pointer, value]) =>
      isDeepStrictEqual(at(answer, pointer), value),
    );
    if (!holds) return refused('What the job was to change is not as it was planned against');
    if (job.dryRun) continue;
    // 7. As it stands in the plan, and nothing else.
    const written = await send(method, url, body, options);
    if (!written.ok) return failed(method, written);
  }
  if (!job.dryRun) return { outcome: 'done', reason: null };
  return {
    outcome: 'dry-run',
    reason: `Would do: ${job.plan.map(({ method, url }) => `${method} ${url}`).join(', ')}`,
  };
}

/** Why nothing may be written. */
function refusalOf(job: Job, { graph, now }: ConsumerOptions): string | null {
  // 4. Known, approved where it has to be, due, and not too late.
  const action = Object.hasOwn(actions, job.action) ? actions[job.action] : undefined;
  if (action === undefined) return 'The action is not known here';
  if (!action.isSafe && job.approval.by === undefined) return 'The action needs an approval, and the job has none';
  if (now() < Date.parse(job.notBefore)) return `Not due before ${job.notBefore}`;
  if (now() >= Date.parse(job.expiresAt)) return `Expired at ${job.expiresAt}`;
  // 5. Only the call that the action makes, and only on our own endpoint.
  for (const { method, url, reads } of job.plan) {
    if (!action.call.test(`${method} ${url}`)) return 'The plan makes a call that the action does not make';
    for (const path of [url, reads.url]) {
      if (!path.startsWith('/v1.0/') || new URL(path, graph).origin !== graph) return 'The plan leads elsewhere';
    }
  }
  return null;
}

async function send(method: string, path: string, body: unknown, options: ConsumerOptions): Promise<Response> {
  return fetch(new URL(path, options.graph), {
    method,
    headers: { Authorization: `Bearer ${await options.token()}`, 'Content-Type': 'application/json' },
    // A redirect is an answer like any other that is not ok: our token goes nowhere else.
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function tell(
  { jobId, attempt, tenantId }: Job,
  { outcome, reason }: Result,
  { correlationId }: ServiceBusReceivedMessage,
  { serviceBus, now }: ConsumerOptions,
): Promise<void> {
  const id = createHash('sha256')
    .update(JSON.stringify([jobId, attempt, outcome]))
    .digest('hex');
  const at = new Date(now()).toISOString();
  const sender = serviceBus.createSender('remediation-results');
  await sender.sendMessages({
    messageId: id,
    subject: 'remediation.completed',
    ...(correlationId === undefined ? {} : { correlationId }),
    contentType: 'application/cloudevents+json; charset=utf-8',
    body: {
      specversion: '1.0',
      id,
      source: `/example-consumer/${tenantId}`,
      type: 'kerbwatch.remediation.completed.v1',
      time: at,
      datacontenttype: 'application/json',
      data: { jobId, outcome, reason, at },
    },
  });
  await sender.close();
}

/** A service that is busy or fails has not answered: the message comes again. */
class Busy extends Error {
  readonly retryAfterMs: number;

  constructor(method: string, { status, headers }: Response) {
    super(`${method} answered ${String(status)}`);
    // In seconds; a date, which may stand there as well, gives no number, and our own pause is taken.
    this.retryAfterMs = Number(headers.get('Retry-After')) * 1000;
  }
}

function failed(method: string, answer: Response): Result {
  if (answer.status === 429 || answer.status >= 500) throw new Busy(method, answer);
  return { outcome: 'failed', reason: `${method} answered ${String(answer.status)}` };
}

function refused(reason: string): Result {
  return { outcome: 'refused', reason };
}

/** The value at a JSON pointer; null where there is none. */
function at(document: unknown, pointer: string): unknown {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return tokens.reduce<unknown>((value, token) => (value as Record<string, unknown> | null)?.[token] ?? null, document);
}

/** No session has a message, or we are to stop. */
function isQuiet(error: unknown): boolean {
  if (error instanceof Error && error.name === 'AbortError') return true;
  return isServiceBusError(error) && ['ServiceTimeout', 'SessionCannotBeLocked'].includes(error.code);
}

async function main(): Promise<void> {
  const { ServiceBusConnection = '', KERBWATCH_TENANT_ID = '', KERBWATCH_GRAPH_ENDPOINT = '' } = process.env;
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stopping.abort();
      // What is under lock comes again; the client itself may wait for the broker for a minute.
      setTimeout(() => process.exit(), 2000);
    });
  }
  const serviceBus = new ServiceBusClient(ServiceBusConnection);
  await consume({
    serviceBus,
    tenantId: KERBWATCH_TENANT_ID,
    graph: KERBWATCH_GRAPH_ENDPOINT,
    token: () => Promise.resolve(process.env['KERBWATCH_TOKEN'] ?? ''),
    finished: new Map(),
    now: Date.now,
    idleMs: 200,
    pauseMs: 500,
    log: console.error,
    signal: stopping.signal,
  });
  await serviceBus.close();
}

if (import.meta.main) await main();
