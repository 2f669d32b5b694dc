import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusSessionReceiver } from '@azure/service-bus';
import type { ConsumerProcess } from '../../../cli/conformance/consumer-process.ts';
import { settledWithin } from '../../../infra/settled-within.ts';
import { resultEvent } from '../../../infra/messages/result.ts';
import type { JobEvent } from '../../../infra/messages/job.ts';

/** What a consumer may get wrong. */
export type Sin =
  | 'does not compare'
  | 'does not read'
  | 'forgets what it did'
  | 'forgets attempts'
  | 'ignores expiry'
  | 'ignores notBefore'
  | 'ignores approvals'
  | 'believes the risk'
  | 'ignores dryRun'
  | 'does what is not known'
  | 'makes any call'
  | 'ignores the version'
  | 'wants its minor version'
  | 'ignores the tenant'
  | 'follows any URL'
  | 'drops what it cannot read'
  | 'leaves the message'
  | 'sends no result'
  | 'sends a result of its own making'
  | 'says done of everything'
  | 'writes a body of its own'
  | 'follows redirects'
  | 'takes its token along'
  | 'takes any answer'
  | 'does not wait'
  | 'fails when told to wait';

const policies = 'PATCH /v1.0/identity/conditionalAccess/policies/';
const calls: Readonly<Record<string, string>> = {
  'grant-consent': 'POST /v1.0/oauth2PermissionGrants',
  'add-missing-scopes': 'PATCH /v1.0/oauth2PermissionGrants/',
  'add-privatelink-uris': 'PATCH /v1.0/applications/',
  'add-cloud-group-tag': 'PATCH /v1.0/applications/',
  'assignment-not-required': 'PATCH /v1.0/servicePrincipals/',
  'remove-orphaned-exclusion': policies,
  'exclude-app-from-policy': policies,
  'replace-dangling-exclusion': policies,
  'allow-aes256-kerberos': 'PUT /subscriptions/',
};
const unsafe: readonly string[] = ['exclude-app-from-policy', 'replace-dangling-exclusion', 'allow-aes256-kerberos'];

/** Comes again after a while. */
class Busy extends Error {
  readonly pauseMs: number;

  constructor(pauseMs: number) {
    super('Busy');
    this.pauseMs = pauseMs;
  }
}

/** A consumer that does everything right but for its sins. */
export function startMisbehaving(
  {
    ServiceBusConnection = '',
    KERBWATCH_GRAPH_ENDPOINT = '',
    KERBWATCH_TENANT_ID = '',
  }: Readonly<Record<string, string>>,
  ...sins: readonly Sin[]
): ConsumerProcess {
  const has = (sin: Sin): boolean => sins.includes(sin);
  const client = new ServiceBusClient(ServiceBusConnection, { retryOptions: { maxRetries: 0, timeoutInMs: 3_000 } });
  const results = client.createSender('remediation-results');
  const finished = new Map<string, string>();
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const session = await client.acceptNextSession('remediation-jobs', { abortSignal: stopping.signal });
        for (;;) {
          const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: 30 });
          if (message === undefined) break;
          await take(message, session).catch(async (error: unknown) => {
            if (error instanceof Busy) await sleep(has('does not wait') ? 0 : error.pauseMs);
            await session.abandonMessage(message);
          });
        }
        await session.close();
      } catch {
        // No session, or stopped.
      }
    }
  }

  async function take(message: ServiceBusReceivedMessage, session: ServiceBusSessionReceiver): Promise<void> {
    const { data, type } = message.body as JobEvent;
    const version = String(message.applicationProperties?.['schemaVersion']);
    const isReadable = Array.isArray((data as JobEvent['data'] | undefined)?.plan);
    if (!isReadable && has('drops what it cannot read')) return session.completeMessage(message);
    const isOurs =
      isReadable &&
      (has('ignores the version') || (type.endsWith('.v1') && version.startsWith('1.'))) &&
      (!has('wants its minor version') || version === '1.0') &&
      (has('ignores the tenant') || data.tenantId === KERBWATCH_TENANT_ID);
    if (!isOurs) return session.deadLetterMessage(message);
    const key = has('forgets attempts') ? data.jobId : `${data.jobId}#${String(data.attempt)}`;
    const known = has('forgets what it did') ? undefined : finished.get(key);
    const outcome = known ?? (await carryOut(data));
    finished.set(key, outcome);
    if (!has('sends no result')) await tell(data.jobId, has('says done of everything') ? 'done' : outcome);
    if (!has('leaves the message')) await session.completeMessage(message);
  }

  async function carryOut(data: JobEvent['data']): Promise<string> {
    const call = calls[data.action];
    const isRisky = has('believes the risk') ? data.risk !== 'safe' : unsafe.includes(data.action);
    if (call === undefined && !has('does what is not known')) return 'refused';
    if (isRisky && !data.approval.required && !has('ignores approvals')) return 'refused';
    if (Date.now() >= Date.parse(data.expiresAt) && !has('ignores expiry')) return 'refused';
    if (Date.now() < Date.parse(data.notBefore) && !has('ignores notBefore')) return 'refused';
    for (const { method, url, body, reads } of data.plan) {
      const isAbroad = [url, reads.url].some((path) => !/^\/\w/.test(path));
      if (isAbroad && !has('follows any URL')) return 'refused';
      const isOfAction = `${method} ${url}`.startsWith(call ?? '');
      if (!isOfAction && !isAbroad && !has('makes any call')) return 'refused';
      if (!has('does not read')) {
        const found = await ask(reads.url, {});
        if (typeof found === 'string') return found;
        const answer: unknown = await found.json();
        const holds = Object.entries(reads.expect).every(([pointer, value]) =>
          isDeepStrictEqual(valueAt(answer, pointer), value),
        );
        if (!holds && !has('does not compare')) return 'refused';
      }
      if (data.dryRun && !has('ignores dryRun')) return 'dry-run';
      const sent = has('writes a body of its own') ? { ...body, scope: 'Directory.ReadWrite.All' } : body;
      const written = await ask(url, { method, body: JSON.stringify(sent) });
      if (typeof written === 'string') return written;
    }
    return 'done';
  }

  /** The answer, or what became of the job. */
  async function ask(path: string, request: RequestInit): Promise<Response | 'failed'> {
    const redirect = has('follows redirects') ? 'follow' : 'manual';
    const headers = { Authorization: 'Bearer any' };
    const answer = await fetch(new URL(path, KERBWATCH_GRAPH_ENDPOINT), { ...request, headers, redirect });
    const location = answer.headers.get('Location');
    // fetch itself leaves the token behind; others do not.
    if (location !== null && has('takes its token along')) return fetch(location, { ...request, headers });
    if (answer.ok || has('takes any answer')) return answer;
    const isBusy = answer.status === 429 || answer.status >= 500;
    if (isBusy && !has('fails when told to wait')) throw new Busy(Number(answer.headers.get('Retry-After')) * 1000);
    return 'failed';
  }

  async function tell(jobId: string, outcome: string): Promise<void> {
    const result = { jobId, outcome: outcome as 'done', reason: null, at: Date.now() };
    const event = resultEvent(result, `${jobId}:${outcome}`, KERBWATCH_TENANT_ID);
    await results.sendMessages({ body: has('sends a result of its own making') ? { jobId, status: 'ok' } : event });
  }

  const running = run();
  return {
    ended: () => null,
    async stop() {
      stopping.abort();
      // What the client still waits for ends with the broker.
      await settledWithin(200, running);
      await settledWithin(200, client.close());
    },
  };
}

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, token) => (value as Record<string, unknown> | null)?.[token] ?? null, document);
}
