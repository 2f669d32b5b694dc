import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { EventGridEvent } from '../../infra/local/azure/server.ts';
import { loadTenant } from '../../infra/local/azure/tenant.ts';
import { type EmbeddedAzure, startEmbeddedAzure, webhookSecretSetting } from '../../infra/local/embedded-azure.ts';
import { EVENT_GRID_PATH } from '../../infra/local/functions-host/event-grid-webhook.ts';
import { writeSampleTenant } from '../../infra/local/sample-tenant/generate.ts';
import { serviceBusTopology } from '../../infra/names.ts';
import { type KillableStorage, startKillableStorage } from './killable-storage.ts';
import { createKillableHost, HostDied, type KillableHost } from './killable-host.ts';

/** The embedded cloud with its functions in a process of their own, and what the platform around them does. */
export interface World extends EmbeddedAzure<KillableStorage> {
  readonly host: KillableHost;
  /** What the functions said lately, oldest first, with the time of day. */
  readonly said: readonly string[];
  /**
   * Fires a timer, and again while the process dies under it: the platform runs a timer that is past due when the app starts.
   * @returns null when it ended well, else what went wrong: then the platform waits for the next time.
   */
  fireTimer(name: string): Promise<string | null>;
  /** Resolves once every event raised so far was taken by the functions. */
  eventsDelivered(): Promise<void>;
}

const saidKept = 60;
const betweenTriesMs = 50;
/**
 * A message in the hands of a process that dies comes back when its lock ends, in earnest after five minutes. The real client
 * renews a lock at half its time, so that this one is long enough on a machine that is busy.
 */
const lockDurationMs = 2500;

const topology = {
  queues: serviceBusTopology.queues.map((queue) => ({ ...queue, lockDurationMs })),
  topics: serviceBusTopology.topics.map((topic) => ({
    ...topic,
    subscriptions: topic.subscriptions.map((subscription) => ({ ...subscription, lockDurationMs })),
  })),
};

/** As large as in Azure: what is killed here is no paging, and every account's audit reads the whole directory. */
const pageSize = { resourceGraph: 1000, graph: 100, arm: 100 };

export interface WorldOptions {
  /** Path of the built bundle. */
  readonly bundle: string;
  /** For the data of this world; made here. */
  readonly directory: string;
}

export async function startWorld({ bundle, directory }: WorldOptions): Promise<World> {
  const tenant = join(directory, 'tenant');
  await writeSampleTenant(tenant, { now: new Date() });
  const said: string[] = [];
  const deliveries = new Set<Promise<void>>();
  let stopped = false;
  let host: KillableHost | null = null;

  const cloud = await startEmbeddedAzure(
    {
      tenant: await loadTenant(tenant),
      topology,
      pageSize,
      settings: (url) => ({
        schema: 'kerbwatch.settings/v1',
        watch: { debounceSeconds: 0.2 },
        remediation: { 'grant-consent': 'auto' },
        // What waits for the next hour would wait longer than the script.
        brakes: { writesPerHourPerAction: 500, writesPerHour: 500 },
        alerts: [{ channel: 'webhook', url, secretSetting: webhookSecretSetting, minimumSeverity: 'low' }],
      }),
      onAlert: () => undefined,
      onEvent: (event) => {
        const delivery = deliverTwice(event).finally(() => deliveries.delete(delivery));
        deliveries.add(delivery);
      },
    },
    () => startKillableStorage(join(directory, 'storage')),
  );
  host = createKillableHost({
    bundle,
    appSettings: cloud.environment,
    serviceBusConnectionString: cloud.broker.connectionString,
    log: ({ level, functionName, message }) => {
      said.push(`${new Date().toISOString().slice(11, 23)} ${level} ${functionName ?? 'host'}: ${message}`);
      if (said.length > saidKept) said.shift();
    },
  });

  /** Event Grid promises at least once, so everything comes twice. */
  async function deliverTwice(event: EventGridEvent): Promise<void> {
    await deliver(event);
    await deliver(event);
  }

  async function deliver(event: EventGridEvent): Promise<void> {
    for (;;) {
      if (stopped) return;
      const url = `${host?.origin ?? ''}${EVENT_GRID_PATH}?functionName=storage-account-changed`;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'aeg-event-type': 'Notification' },
        body: JSON.stringify([event]),
      }).catch(() => null);
      if (answer?.ok === true) return;
      await sleep(betweenTriesMs);
    }
  }

  async function fireTimer(name: string): Promise<string | null> {
    for (;;) {
      try {
        return await (host ?? neverStarted()).runTimer(name);
      } catch (error) {
        if (!(error instanceof HostDied) || stopped) throw error;
        await sleep(betweenTriesMs);
      }
    }
  }

  return {
    ...cloud,
    host,
    said,
    fireTimer,
    async eventsDelivered() {
      while (deliveries.size > 0) await Promise.all(deliveries);
    },
    async stop() {
      stopped = true;
      await host.kill();
      await Promise.allSettled(deliveries);
      await cloud.stop();
    },
  };
}

function neverStarted(): never {
  throw new Error('The functions host was never made');
}
