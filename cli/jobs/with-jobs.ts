import type { Messages } from '../../domain/audit/ports.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { SetAside } from '../../domain/remediation/set-aside.ts';
import { appRoles } from '../../infra/api/auth/app-roles.ts';
import type { Handling } from '../../infra/api/answer-request.ts';
import type { RemediationApiPorts } from '../../infra/api/remediation-ports.ts';
import { sha256 } from '../../infra/digest.ts';
import { connections } from '../../infra/names.ts';
import type { Store } from '../../infra/store.ts';
import type { ApiAddress } from '../api/api-address.ts';
import { remediationApiAddress } from '../api/api-address.ts';
import type { ApiClient } from '../api/api-client.ts';
import { withApi } from '../api/with-api.ts';
import { actorAtTerminal } from '../commands/terminal-actor.ts';
import { UsageError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { offlineSettings, tenantIdOf } from '../open-source.ts';
import { withStore } from '../open-store.ts';
import { localClient } from './local-client.ts';

export interface JobsCommand {
  /** As it is typed, without `kerbwatch`. */
  readonly name: string;
  readonly changes: boolean;
  /** Whether it sends to queues, or looks into them. */
  readonly queues: boolean;
  /** Of the embedded cloud; the API goes by its own. */
  readonly settings?: string | undefined;
}

/** Where a command's answers come from, for messages. */
const inThisProcess: ApiAddress = { setting: 'KERBWATCH_REMEDIATION_API', base: 'this machine', isLoopback: true };

/**
 * Does something with jobs: through the remediator's API where `KERBWATCH_REMEDIATION_API` names it, else over the store that
 * the environment names, with the same checks. Only the embedded cloud's is changed that way: in any other the API knows who
 * decides.
 * @throws UsageError, and what `withApi` and `withStore` throw
 */
export async function withJobs<T>(
  io: Io,
  command: JobsCommand,
  work: (api: ApiClient, address: ApiAddress) => Promise<T>,
): Promise<T> {
  const address = remediationApiAddress(io.env);
  if (address !== null) {
    if (command.settings === undefined) return withApi(io, address, (api) => work(api, address));
    throw new UsageError('--settings is for the embedded cloud: the API goes by its own settings.');
  }
  const settings = await offlineSettings(io, command.settings, (text) => io.stderr.write(`${text}\n`));
  return withStore(io, async (store) => {
    if (command.changes && !store.isLocal) {
      throw new UsageError(
        `kerbwatch ${command.name} cannot change the store at ${store.host}: changes go through the remediator's HTTP API, which ` +
          'knows who makes them. Set KERBWATCH_REMEDIATION_API to its address, such as https://APP.azurewebsites.net/api. ' +
          'Nothing was changed.',
      );
    }
    const queues = await queuesOf(io, command);
    try {
      return await work(localClient(await portsOf(store, queues, settings, io)), inThisProcess);
    } finally {
      await queues.close();
    }
  });
}

interface Queues {
  readonly messages: Messages;
  readonly setAside: SetAside;
  close(): Promise<void>;
}

async function portsOf(
  store: Store,
  { messages, setAside }: Queues,
  settings: Settings,
  { now, stderr }: Io,
): Promise<Handling<RemediationApiPorts>> {
  const actor = await actorAtTerminal();
  return {
    ...store,
    messages,
    setAside,
    settings,
    digest: sha256,
    now,
    callerCheck: () => Promise.resolve({ caller: { actor, roles: appRoles } }),
    rateLimit: () => ({ allowed: true }),
    dispatch: () => Promise.resolve(),
    tell: (text) => void stderr.write(`${text}\n`),
  };
}

/** The queues that the environment names; those of nobody where it names none, for a command that only looks at the store. */
async function queuesOf(io: Io, command: JobsCommand): Promise<Queues> {
  if (!command.queues) return noQueues;
  const isNamed = Object.keys(io.env).some((key) => key.startsWith(connections.serviceBus) && io.env[key] !== '');
  if (!isNamed) {
    throw new UsageError(
      `Which queues? Set KERBWATCH_REMEDIATION_API to the remediator's address, or ${connections.serviceBus} to the connection ` +
        'string of the embedded cloud; npm start -- --watch prints both.',
    );
  }
  const [{ connectServiceBus }, { createMessages }, { createSetAside }] = await Promise.all([
    import('../../infra/azure/service-bus/connection.ts'),
    import('../../infra/azure/service-bus/messages.ts'),
    import('../../infra/azure/service-bus/set-aside.ts'),
  ]);
  const connection = connectServiceBus(io.env, {
    credential: () => {
      throw new UsageError(
        `${connections.serviceBus}__fullyQualifiedNamespace is for the functions: from here set KERBWATCH_REMEDIATION_API.`,
      );
    },
  });
  return {
    messages: createMessages(connection, tenantIdOf(io)),
    setAside: createSetAside(connection),
    close: () => connection.close(),
  };
}

const noBroker = (): never => {
  throw new Error('This command asks no queue');
};

const noQueues: Queues = {
  messages: { auditWork: noBroker, job: noBroker, alert: noBroker, result: noBroker, reject: noBroker },
  setAside: { list: noBroker, take: noBroker },
  close: () => Promise.resolve(),
};
