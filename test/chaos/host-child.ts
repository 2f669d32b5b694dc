/** The process that is killed: a functions host with the real bundle, which does what the driver says over its channel. */
import { createFunctionsHost, type FunctionsHost } from '../../infra/local/functions-host/host.ts';
import type { FromHost, ToHost } from './host-messages.ts';

let host: FunctionsHost | null = null;

process.on('message', (message: ToHost) => {
  void (message.kind === 'start' ? start(message) : runTimer(message));
});
// Nobody is left to kill this process, so it does not stay behind.
process.on('disconnect', () => process.exit());

async function start({ bundle, appSettings, serviceBusConnectionString, port }: ToHost & { kind: 'start' }) {
  host = createFunctionsHost({
    bundle,
    appSettings,
    serviceBusConnectionString,
    port,
    log: (entry) => {
      tell({ kind: 'log', entry });
    },
  });
  await host.start();
  tell({ kind: 'ready', origin: host.origin });
}

async function runTimer({ id, name }: ToHost & { kind: 'timer' }): Promise<void> {
  try {
    if (host === null) throw new Error(`Timer ${name} was to run before the host was started`);
    await host.runTimer(name);
    tell({ kind: 'timer-done', id, error: null });
  } catch (error) {
    tell({ kind: 'timer-done', id, error: error instanceof Error ? error.message : String(error) });
  }
}

function tell(message: FromHost): void {
  process.send?.(message);
}
