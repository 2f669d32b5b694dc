import { administrator } from './administrator.ts';
import type { EventGridEvent } from './azure/server.ts';
import {
  type EmbeddedAzure,
  type EmbeddedAzureOptions,
  startEmbeddedAzure,
  webhookSecretSetting,
} from './embedded-azure.ts';
import { createFunctionsHost, type FunctionsHost, type HostLog } from './functions-host/host.ts';
import { startLocalStorage } from './storage/azurite.ts';

export interface EmbeddedCloudOptions extends Pick<EmbeddedAzureOptions, 'tenant' | 'settings' | 'onAlert'> {
  /** Path of the built bundle. */
  readonly bundle: string;
  /** Of the Azure endpoints and of the functions host; 0 or absent picks free ones. */
  readonly ports?: { readonly azure?: number; readonly functions?: number };
  /** App settings of the functions, in place of those of the environment. */
  readonly appSettings?: Readonly<Record<string, string>>;
  readonly log: (entry: HostLog) => void;
}

/** Azure on this machine, on loopback alone: storage, Service Bus, ARM, Resource Graph, Microsoft Graph and the functions. */
export interface EmbeddedCloud extends EmbeddedAzure {
  readonly host: FunctionsHost;
  /** What `KERBWATCH_API` is set to, to use the HTTP API. */
  readonly apiAddress: string;
}

export { administrator, webhookSecretSetting };

/**
 * Starts everything, in the order in which one part needs another. When one fails, what was started is stopped again.
 * @throws the port-in-use errors of each part, and what the functions host throws
 */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const deliveries = new Set<Promise<unknown>>();
  const { tenant, settings, onAlert, ports } = options;
  const parts = await startEmbeddedAzure(
    {
      tenant,
      settings,
      onAlert,
      ...(ports?.azure === undefined ? {} : { port: ports.azure }),
      onEvent: (event) => {
        const delivery = deliver(event).finally(() => deliveries.delete(delivery));
        deliveries.add(delivery);
      },
    },
    startLocalStorage,
  );
  const host = createFunctionsHost({
    bundle: options.bundle,
    appSettings: { ...parts.environment, ...options.appSettings },
    serviceBusConnectionString: parts.broker.connectionString,
    ...(ports?.functions === undefined ? {} : { port: ports.functions }),
    log: options.log,
  });
  try {
    await host.start();
  } catch (error) {
    await parts.stop();
    throw error;
  }

  async function deliver(event: EventGridEvent): Promise<void> {
    // Event Grid tries again for a day; here a few times are enough to outlast a restart of the host.
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const answer = await host.postEventGrid('storage-account-changed', [event]).catch(() => null);
      if (answer?.status === 200) return;
    }
    options.log({ level: 'error', category: 'host', message: `Event ${event.id} could not be delivered` });
  }

  return {
    ...parts,
    host,
    apiAddress: `${host.origin}/api`,
    async stop() {
      await Promise.allSettled(deliveries);
      await host.stop();
      await parts.stop();
    },
  };
}
