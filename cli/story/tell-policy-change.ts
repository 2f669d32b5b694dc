import type { Transition } from '../../domain/findings/finding.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { accountIdOf } from './account-id.ts';
import { setPolicyState } from './administrator.ts';
import { until } from './wait.ts';

export interface PolicyChangeContext {
  readonly tell: (line: string) => void;
  readonly more: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Filled as the webhook receives them. */
  readonly alerts: readonly ReceivedAlert[];
  /** Filled with what the function `directory-watch` logs. */
  readonly watchSaid: readonly string[];
  readonly signal: AbortSignal;
  /** Another account that the policy touches, lower-case ARM id: its history is told afterwards. */
  readonly toldLater: string;
}

const policyName = 'Report-only: phishing-resistant MFA for all users';
/** Nothing but that policy is wrong with it. */
const accountName = 'retailreports';
const rule = 'mfa-excluded';

/** Switches a policy on that only reported, lets the directory watch notice, and puts it back. */
export async function tellPolicyChange(cloud: EmbeddedCloud, context: PolicyChangeContext): Promise<void> {
  const { tell, more, now, alerts, watchSaid, signal, toldLater } = context;
  const policyId = policyIdOf(cloud);
  const key = accountIdOf(cloud, accountName).toLowerCase();

  async function standing(outcome: Transition['after']['outcome'], since: number): Promise<Transition> {
    return until(`${rule} of ${accountName} to ${outcome}`, signal, async () => {
      const told = await cloud.store.history.of(key);
      return told.find(({ rule: of, at, after }) => of === rule && at >= since && after.outcome === outcome) ?? null;
    });
  }

  /** Waits until the other account has seen it too, so that no step of its history is missing. */
  async function toldElsewhere(kind: Transition['kind'], since: number): Promise<void> {
    await until(`${rule} of the other account to be ${kind}`, signal, async () => {
      const told = await cloud.store.history.of(toldLater);
      return told.find((step) => step.rule === rule && step.at >= since && step.kind === kind) ?? null;
    });
  }

  async function watch(): Promise<void> {
    const before = watchSaid.length;
    await cloud.host.runTimer('directory-watch');
    for (const line of watchSaid.slice(before)) more(line);
  }

  const changedAt = now();
  tell('Drift in the directory: an administrator switches a policy on that only reported until now.');
  more(`"${policyName}"`);
  await setPolicyState(cloud, policyId, 'enabled');
  tell('Directory watch: the timer fires, and asks Microsoft Graph what has changed.');
  await watch();
  const worse = await standing('fail', changedAt);
  await toldElsewhere('worse', changedAt);
  tell(`Re-audit of those accounts: ${accountName} was ${describe(worse.before)}, and is ${describe(worse.after)}.`);
  const alert = await until('the alert', signal, () => Promise.resolve(alertAbout(alerts, worse.findingId, changedAt)));
  const seconds = ((alert.receivedAt - changedAt) / 1000).toFixed(1);
  more(`Alert received ${seconds} s after the switch: ${alert.alert.data.severity}, ${alert.alert.data.title}`);

  const putBackAt = now();
  tell('The administrator puts the policy back. The watch looks again:');
  await setPolicyState(cloud, policyId, 'enabledForReportingButNotEnforced');
  await watch();
  const better = await standing('warn', putBackAt);
  await toldElsewhere('changed', putBackAt);
  tell(`Put back: ${accountName} is ${describe(better.after)} again.`);
}

function policyIdOf(cloud: EmbeddedCloud): string {
  const policies = cloud.azure.tenant.collections.get('conditional-access-policies')?.values() ?? [];
  for (const { id, displayName } of policies) if (displayName === policyName && typeof id === 'string') return id;
  throw new Error(`The sample tenant has no policy ${policyName}`);
}

function alertAbout(alerts: readonly ReceivedAlert[], findingId: string, since: number): ReceivedAlert | null {
  return (
    alerts.find(({ alert, receivedAt }) => receivedAt >= since && alert.data.findingIds.includes(findingId)) ?? null
  );
}

function describe(standing: Transition['before']): string {
  return standing === null ? 'in order' : `${standing.outcome}, ${standing.severity}`;
}
