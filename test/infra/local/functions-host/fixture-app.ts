import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle } from '../../../../infra/build.ts';
import {
  createFunctionsHost,
  type FunctionsHost,
  type FunctionsHostOptions,
  type HostLog,
} from '../../../../infra/local/functions-host/host.ts';

const FIXTURE = fileURLToPath(new URL('../../../fixtures/functions-app/', import.meta.url));

/** A folder with host.json and a bundle, as a deployment has them. */
export interface FixtureApp {
  readonly folder: string;
  readonly bundle: string;
  remove(): Promise<void>;
}

export async function emptyApp(bundleSource = ''): Promise<FixtureApp> {
  const folder = await mkdtemp(join(tmpdir(), 'kerbwatch-functions-'));
  const bundle = join(folder, 'main.mjs');
  await copyFile(join(FIXTURE, 'host.json'), join(folder, 'host.json'));
  await writeFile(bundle, bundleSource);
  return { folder, bundle, remove: () => rm(folder, { recursive: true }) };
}

/** Bundles `test/fixtures/functions-app` with the project's own build. */
export async function buildFixtureApp(): Promise<FixtureApp> {
  const app = await emptyApp();
  await buildBundle({ entry: join(FIXTURE, 'main.ts'), outfile: app.bundle, sourceMap: false });
  return app;
}

export const FIXTURE_SETTINGS = {
  SWEEP_SCHEDULE: '0 0 2 * * *',
  WORK_QUEUE: 'work',
  FIXTURE_WORD: 'kerberos',
  ServiceBusConnection: 'unused by the fixture',
} as const;

/** Nothing listens on port 1, so the triggers wait for a broker that never comes. */
export const NO_BROKER =
  'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;';

export interface ObservedHost {
  readonly host: FunctionsHost;
  readonly log: HostLog[];
  /** What the handlers of one function logged, parsed. */
  readonly seen: (functionName: string) => unknown[];
}

export function observedHost(
  app: FixtureApp,
  settings: Readonly<Record<string, string>> = {},
  options: Partial<FunctionsHostOptions> = {},
): ObservedHost {
  const log: HostLog[] = [];
  const host = createFunctionsHost({
    bundle: app.bundle,
    appSettings: { ...FIXTURE_SETTINGS, ...settings },
    serviceBusConnectionString: NO_BROKER,
    log: (entry) => log.push(entry),
    retryDelayMs: 50,
    sessionIdleMs: 100,
    ...options,
  });
  return {
    host,
    log,
    seen: (functionName) =>
      log
        .filter((entry) => entry.category === 'user' && entry.functionName === functionName)
        .map((entry): unknown => JSON.parse(entry.message)),
  };
}
