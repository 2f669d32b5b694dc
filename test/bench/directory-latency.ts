import { setTimeout as sleep } from 'node:timers/promises';

import { accountIdOf } from '../../cli/story/account-id.ts';
import { setPolicyState } from '../../cli/story/administrator.ts';
import { latencyByPlane } from '../../domain/audit/latency.ts';
import type { EmbeddedCloud } from '../../infra/local/embedded-cloud.ts';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import type { ReceivedAlert } from '../../infra/local/webhook-receiver.ts';
import { runNightlyAudit, startBenchCloud, waitFor } from './bench-cloud.ts';
import { figure, heading, percentile, percentileLine, percentiles, seconds } from './figures.ts';

const switches = 15;
const intervalMs = 1000;
/** As the watch is deployed, and the longest that the default debounce lasts. */
const deployedIntervalMs = 5 * 60_000;
const deployedDebounceMs = 30_000;
const aimMs = 6 * 60_000;

/** Only that policy is wrong with it. */
const accountName = 'retailreports';
const rule = 'mfa-excluded';

/**
 * From the moment a policy of the sample tenant is switched on that only reported, to the webhook's receipt of the alert. It is
 * switched at every phase of the watch's interval, and put back each time.
 */
export async function benchDirectoryLatency(directory: string): Promise<void> {
  heading(
    'From a change of the directory to the alert',
    `${String(switches)} times a report-only policy switched on through Microsoft Graph; debounce 0; the PATCH's answer to the webhook's receipt`,
  );
  await writeSampleTenant(directory, { now: new Date() });
  const alerts: ReceivedAlert[] = [];
  const cloud = await startBenchCloud(directory, alerts);
  try {
    await cloud.host.runTimer('directory-watch');
    await runNightlyAudit(cloud);
    const watch = startWatch(cloud);
    const told = await switchOften(cloud, alerts).finally(() => watch.stop());
    await print(cloud, told, watch.looks);
  } finally {
    await cloud.stop();
  }
}

interface Watch {
  /** How long each look took, milliseconds. */
  readonly looks: readonly number[];
  stop(): Promise<void>;
}

/** Looks every `intervalMs`, whatever the functions do meanwhile. */
function startWatch(cloud: EmbeddedCloud): Watch {
  const looks: number[] = [];
  const ended = new AbortController();
  const running = (async () => {
    while (!ended.signal.aborted) {
      const started = performance.now();
      await cloud.host.runTimer('directory-watch');
      looks.push(performance.now() - started);
      await sleep(Math.max(0, intervalMs - (performance.now() - started)));
    }
  })();
  return {
    looks,
    stop() {
      ended.abort();
      return running;
    },
  };
}

/** @returns milliseconds from each switch to its alert */
async function switchOften(cloud: EmbeddedCloud, alerts: readonly ReceivedAlert[]): Promise<readonly number[]> {
  const policyId = reportOnlyPolicy(cloud);
  const key = accountIdOf(cloud, accountName).toLowerCase();
  const told: number[] = [];
  for (let round = 0; round < switches; round += 1) {
    await sleep((round / switches) * intervalMs);
    await setPolicyState(cloud, policyId, 'enabled');
    const switchedAt = Date.now();
    let receivedAt = Number.NaN;
    await waitFor(`the alert about ${accountName}`, () => {
      const found = alerts.find(
        (received) =>
          received.receivedAt >= switchedAt &&
          received.alert.data.rule === rule &&
          received.alert.data.accounts.some((account) => account.id.toLowerCase() === key),
      );
      receivedAt = found?.receivedAt ?? Number.NaN;
      return found !== undefined;
    });
    told.push(receivedAt - switchedAt);
    await setPolicyState(cloud, policyId, 'enabledForReportingButNotEnforced');
    await waitFor(`${accountName} to be better`, async () => {
      const steps = await cloud.store.history.of(key);
      return steps.some((step) => step.rule === rule && step.at > receivedAt && step.after.outcome === 'warn');
    });
  }
  return told;
}

function reportOnlyPolicy(cloud: EmbeddedCloud): string {
  const policies = cloud.azure.tenant.collections.get('conditional-access-policies')?.values() ?? [];
  for (const { id, state } of policies)
    if (state === 'enabledForReportingButNotEnforced' && typeof id === 'string') return id;
  throw new Error('The sample tenant has no policy that only reports');
}

async function print(cloud: EmbeddedCloud, told: readonly number[], looks: readonly number[]): Promise<void> {
  figure('watch interval of this bench', seconds(intervalMs));
  figure('looks', String(looks.length));
  figure('one look', percentiles(looks));
  figure('PATCH answered to receipt, interval included', percentiles(told));
  const { directory } = latencyByPlane(await cloud.store.latencies.latest(1000));
  figure('alerts that the functions measured', String(directory.alerts));
  figure('of them with no more than a bound', String(directory.atMost));
  if (directory.stages === null) return;
  const { delivery, total, sinceChange } = directory.stages;
  figure('change to seen by a look', percentileLine(delivery));
  figure('seen to alert handed over', percentileLine(total));
  figure('change to alert handed over', percentileLine(sinceChange));
  const rest = percentile(looks, 0.99) + total.p99;
  const most = deployedIntervalMs + deployedDebounceMs + rest;
  figure(
    'as deployed, change to alert, at most',
    `${seconds(deployedIntervalMs)} interval + ${seconds(deployedDebounceMs)} debounce + ${seconds(rest)} measured (p99) = ` +
      `${seconds(most)}; aim: under ${seconds(aimMs)}`,
  );
}
