import type { StoredJob } from '../../domain/audit/ports.ts';
import type { Run } from '../../domain/audit/run.ts';
import { attributionOf, toldActor } from '../../domain/drift/attribute-transition.ts';
import type { Finding, Transition } from '../../domain/findings/finding.ts';
import { isSettled } from '../../domain/remediation/job.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { actorText } from '../report/actor-text.ts';
import { accountIdOf } from './account-id.ts';
import { switchDirectoryService } from './administrator.ts';
import { tellPolicyChange } from './tell-policy-change.ts';
import { until } from './wait.ts';

export interface StoryContext {
  readonly say: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly startedAt: number;
  /** Filled as the webhook receives them. */
  readonly alerts: readonly ReceivedAlert[];
  /** Filled with what the function `directory-watch` logs. */
  readonly watchSaid: readonly string[];
  readonly signal: AbortSignal;
  /** The sample tenant has the account that the drift happens to; a tenant of one's own need not. */
  readonly sample: boolean;
}

const storyAccount = 'contosoprofiles';

/** Runs the main job once and tells it as it happens. @returns whether all went as it should */
export async function tellStory(cloud: EmbeddedCloud, context: StoryContext): Promise<boolean> {
  const { say, alerts, signal, now } = context;
  const clock = (): string => `${((now() - context.startedAt) / 1000).toFixed(1).padStart(5)} s`;
  const tell = (line: string): void => {
    say(`${clock()}  ${line}`);
  };
  const more = (line: string): void => {
    say(`         ${line}`);
  };

  say('Kerbwatch, on an embedded cloud: nothing leaves this machine, nothing real is touched.');
  say('');
  tell(
    `Set up: Azure endpoints, storage tables and blobs, a Service Bus, and ${String(cloud.host.functions.length)} functions.`,
  );

  tell('Directory watch: a first look notes where the directory stands.');
  await cloud.host.runTimer('directory-watch');

  tell('Nightly audit: the timer fires.');
  await cloud.host.runTimer('nightly-audit');
  const run = await until('the nightly audit', signal, async () => {
    const [latest] = await cloud.store.runs.latest(1);
    return typeof latest?.finishedAt === 'number' ? latest : null;
  });
  tellRun(run, tell, more);
  if (run.tally !== null && run.tally.baselined > 0) {
    const summary = await until('the summary alert', signal, () =>
      Promise.resolve(alerts.find(({ alert }) => alert.data.transition === 'summary') ?? null),
    );
    more(`One alert for all of it, signature verified: "${summary.alert.data.title}"`);
  }
  if (!context.sample) return true;
  say('');

  const accountId = accountIdOf(cloud, storyAccount);
  const changedAt = now();
  tell(`Drift: an administrator switches Entra Kerberos off and on again for ${storyAccount}, through ARM.`);
  await switchDirectoryService(cloud, accountId, 'None');
  await switchDirectoryService(cloud, accountId, 'AADKERB');
  more('The storage provider has made a new app: new appId, no consent, in no exclusion. Two events are on their way.');

  const key = accountId.toLowerCase();
  const opened = await until('the re-audit', signal, async () => {
    const found = (await cloud.store.history.of(key)).filter(({ kind, at }) => isOpening(kind) && at >= changedAt);
    return found.some(({ rule }) => rule === 'consent-granted') && found.some(({ rule }) => rule === 'mfa-excluded')
      ? found
      : null;
  });
  tell(`Re-audit: one audit for both events, after the debounce. ${String(opened.length)} findings open:`);
  for (const { after, rule, title } of opened) more(`${after.severity.padEnd(8)} ${rule}: ${title}`);

  const told = await until('the alerts', signal, () =>
    Promise.resolve(
      opened.every(({ rule }) => alertAbout(alerts, rule, changedAt) !== null) ? alertsSince(alerts, changedAt) : null,
    ),
  );
  for (const { alert, receivedAt } of told) {
    const seconds = ((receivedAt - changedAt) / 1000).toFixed(1);
    more(
      `Alert received ${seconds} s after the change: ${alert.data.severity}, ${alert.data.rule ?? 'summary'}; ${whoText(alert.data)}`,
    );
  }

  const job = await until('the repair', signal, async () => {
    for await (const stored of cloud.store.jobs.list()) if (isSettled(stored.state)) return stored;
    return null;
  });
  tellJob(job, tell, more);

  const resolved = await until(
    'the verification',
    signal,
    async () =>
      (await cloud.store.history.of(key)).find(
        ({ kind, rule, at }) => kind === 'resolved' && rule === 'consent-granted' && at >= changedAt,
      ) ?? null,
  );
  tell(`Verified: the account was audited again, and ${resolved.rule} is resolved (${causeOf(resolved)}).`);

  const left = await openFindings(cloud, key);
  tell(`Left for a person: ${left.length === 0 ? 'nothing' : left.map(({ rule }) => rule).join(', ')}.`);
  for (const { severity, title } of left) more(`${severity.padEnd(8)} ${title}`);
  more('Excluding an app from a policy weakens security, so nobody does it without a person.');
  say('');
  await tellPolicyChange(cloud, { tell, more, now, alerts, watchSaid: context.watchSaid, signal, toldLater: key });
  say('');
  say('History of the account:');
  const recorded = await cloud.store.changes.attributionsOf(key);
  for (const transition of await cloud.store.history.of(key)) {
    const { at, kind, rule, cause } = transition;
    const who = whoText(toldActor(attributionOf(transition, recorded)));
    say(`  ${new Date(at).toISOString()}  ${kind.padEnd(9)} ${rule.padEnd(18)} ${cause.kind}; ${who}`);
  }
  say('');
  say(
    'Where to look next: `npm start -- --watch` keeps all this up; README.md says how to point it at your own Azure;',
  );
  say('docs/architecture.md shows the house; docs/rules has a page for each rule.');
  return job.state === 'done' && left.some(({ rule }) => rule === 'mfa-excluded');
}

function tellRun(run: Run, tell: (line: string) => void, more: (line: string) => void): void {
  const { requests, accounts, gaps, tally } = run;
  tell(
    `Audited ${String(accounts.seen)} accounts in ${String(run.shards)} shards; ` +
      `${String(accounts.inScope)} of them can hold SMB shares.`,
  );
  more(
    `Requests: ${String(requests.resourceGraph)} Resource Graph, ${String(requests.graph)} Microsoft Graph, ${String(requests.arm)} ARM; ${String(requests.throttled)} throttled.`,
  );
  if (tally !== null) {
    const { verdicts } = tally;
    more(
      `Verdicts: ${String(verdicts.pass)} pass, ${String(verdicts.fail)} fail, ${String(verdicts.warn)} warn, ${String(verdicts.unknown)} unknown, ${String(verdicts['not-applicable'])} not applicable.`,
    );
  }
  for (const { collection, scope, reason, needs } of gaps) {
    more(
      `Could not be read: ${collection} of ${scope} (${reason}); it would take ${needs ?? 'nothing that can be granted'}.`,
    );
  }
}

function tellJob({ job, state, report }: StoredJob, tell: (line: string) => void, more: (line: string) => void): void {
  tell(`Repair: job ${job.jobId.slice(0, 8)}, ${job.plan.action} on ${job.plan.target.name}: ${state}.`);
  for (const { method, url, permission } of job.plan.calls) more(`${method} ${url}, with ${permission}`);
  if (typeof report?.reason === 'string') more(report.reason);
}

async function openFindings(cloud: EmbeddedCloud, accountKey: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of cloud.store.findings.list('open'))
    if (finding.account?.key === accountKey) found.push(finding);
  return found;
}

function alertsSince(alerts: readonly ReceivedAlert[], since: number): readonly ReceivedAlert[] {
  return alerts.filter(({ alert, receivedAt }) => alert.data.transition !== 'summary' && receivedAt >= since);
}

function alertAbout(alerts: readonly ReceivedAlert[], rule: string, since: number): ReceivedAlert | null {
  return alertsSince(alerts, since).find(({ alert }) => alert.data.rule === rule) ?? null;
}

function isOpening(kind: Transition['kind']): boolean {
  return kind === 'opened' || kind === 'reopened';
}

/** Of an alert, what is found out later is in history. */
function whoText({ actor, actorConfidence }: ReturnType<typeof toldActor>): string {
  return actor === null ? 'who did it is not known yet' : `by ${actorText(actor)} (${actorConfidence})`;
}

function causeOf({ cause }: Transition): string {
  return `${cause.kind} of ${cause.id.slice(0, 8)}`;
}
