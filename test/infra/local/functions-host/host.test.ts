import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  BundleLoadError,
  FunctionFailedError,
  HostJsonError,
  HostPortInUseError,
  MissingAppSettingError,
  NoFunctionsError,
  UnknownFunctionError,
  UnsupportedBindingError,
} from '../../../../infra/local/functions-host/errors.ts';
import type { FunctionsHost } from '../../../../infra/local/functions-host/host.ts';
import {
  buildFixtureApp,
  emptyApp,
  FIXTURE_SETTINGS,
  observedHost,
  type FixtureApp,
  type ObservedHost,
} from './fixture-app.ts';

let app: FixtureApp;
const started: FunctionsHost[] = [];

beforeAll(async () => {
  app = await buildFixtureApp();
});
afterAll(async () => {
  await app.remove();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((host) => host.stop()));
});

async function start(...parameters: Parameters<typeof observedHost>): Promise<ObservedHost> {
  const observed = observedHost(...parameters);
  await observed.host.start();
  started.push(observed.host);
  return observed;
}

describe('loading the bundle', () => {
  it('indexes every function with its trigger, settings resolved', async () => {
    const { host } = await start(app);

    expect(Object.fromEntries(host.functions.map(({ name, trigger }) => [name, trigger]))).toEqual({
      sweep: { type: 'timer', schedule: FIXTURE_SETTINGS.SWEEP_SCHEDULE },
      greet: { type: 'http', route: 'people/{name}', methods: ['GET', 'POST'] },
      changed: { type: 'eventGrid' },
      work: { type: 'serviceBusQueue', queue: FIXTURE_SETTINGS.WORK_QUEUE, sessions: false },
      jobs: { type: 'serviceBusQueue', queue: 'jobs', sessions: true },
      alert: { type: 'serviceBusTopic', topic: 'alerts', subscription: 'webhook', sessions: false },
    });
  });

  it('refuses a bundle that registers nothing', async () => {
    const empty = await emptyApp('export const nothing = true;');

    await expect(observedHost(empty).host.start()).rejects.toThrow(NoFunctionsError);
    await empty.remove();
  });

  it('says why a bundle could not be loaded, which the platform hides', async () => {
    const broken = await emptyApp('throw new Error("no tenant configured");');

    const failure = observedHost(broken).host.start();

    await expect(failure).rejects.toThrow(BundleLoadError);
    await expect(failure).rejects.toThrow(/no tenant configured/);
    await broken.remove();
  });

  it('names the function and the app setting that a binding misses', async () => {
    const { SWEEP_SCHEDULE: _left, ...without } = FIXTURE_SETTINGS;

    const missing = observedHost(app, {}, { appSettings: without }).host.start();

    await expect(missing).rejects.toThrow(MissingAppSettingError);
    await expect(missing).rejects.toThrow(/"sweep".*SWEEP_SCHEDULE/);
  });

  it('names the connection that a Service Bus trigger misses, and takes its identity form', async () => {
    const { ServiceBusConnection: _left, ...without } = FIXTURE_SETTINGS;
    const identity = { ...without, ServiceBusConnection__fullyQualifiedNamespace: 'contoso.servicebus.windows.net' };

    const missing = observedHost(app, {}, { appSettings: without }).host.start();
    await expect(missing).rejects.toThrow(/"work".*ServiceBusConnection/);
    const { host } = await start(app, {}, { appSettings: identity });

    expect(host.functions).not.toHaveLength(0);
  });

  it('refuses a schedule that Azure would not take', async () => {
    await expect(observedHost(app, { SWEEP_SCHEDULE: '0 0 2 L * *' }).host.start()).rejects.toThrow(
      UnsupportedBindingError,
    );
    await expect(observedHost(app, { SWEEP_SCHEDULE: 'daily' }).host.start()).rejects.toThrow(/"daily".*NCRONTAB/);
  });

  it('asks for the host.json that is missing', async () => {
    const bare = await emptyApp();
    await rm(join(bare.folder, 'host.json'));

    await expect(observedHost(bare).host.start()).rejects.toThrow(HostJsonError);
    await bare.remove();
  });

  it('gives the app its settings while it runs, and the environment back afterwards', async () => {
    const environment: Record<string, string | undefined> = { FIXTURE_WORD: 'before' };
    const { host } = observedHost(app, {}, { environment });

    await host.start();
    const during = { ...environment };
    await host.stop();

    expect(during).toEqual(FIXTURE_SETTINGS);
    expect(environment).toEqual({ FIXTURE_WORD: 'before' });
  });

  it('loads a fresh app each time', async () => {
    const first = await start(app, { FIXTURE_WORD: 'one' });
    await first.host.runTimer('sweep');
    await first.host.stop();

    const second = await start(app, { FIXTURE_WORD: 'two' });
    await second.host.runTimer('sweep');

    expect(first.seen('sweep')).toMatchObject([{ setting: 'one' }]);
    expect(second.seen('sweep')).toMatchObject([{ setting: 'two' }]);
  });

  it('names the port in use, with what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;

    const failure = observedHost(app, {}, { port }).host.start();

    await expect(failure).rejects.toThrow(HostPortInUseError);
    await expect(failure).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${String(port)}.*choose another port`));
    squatter.close();
  });
});

describe('timers', () => {
  it("do not run at start-up, and run on demand with the platform's timer object", async () => {
    const { host, seen } = await start(app, {}, { clock: () => new Date('2026-03-01T12:00:00Z') });
    const atStart = host.invocations.length;

    await host.runTimer('sweep', { isPastDue: true });

    expect(atStart).toBe(0);
    expect(seen('sweep')).toEqual([{ isPastDue: true, next: '2026-03-02T02:00:00.000Z', setting: 'kerberos' }]);
    expect(host.invocations).toMatchObject([{ name: 'sweep', ok: true }]);
  });

  it('run by their schedule', async () => {
    const { host } = await start(app, { SWEEP_SCHEDULE: '* * * * * *' });

    await expect.poll(() => host.invocations.length, { timeout: 3_000 }).toBeGreaterThan(0);
  });

  it('never overlap with themselves', async () => {
    const { host } = await start(app, { SWEEP_MS: '40' });

    await Promise.all([host.runTimer('sweep'), host.runTimer('sweep')]);

    const [first, second] = host.invocations;
    expect(second?.startedAt.getTime()).toBeGreaterThanOrEqual((first?.startedAt.getTime() ?? Infinity) + 35);
  });

  it('tell the caller what the handler threw, and keep it among the invocations', async () => {
    const { host } = await start(app, { SWEEP_FAILS: 'yes' });

    const run = host.runTimer('sweep');

    await expect(run).rejects.toThrow(FunctionFailedError);
    await expect(run).rejects.toThrow(/the sweep met a wall/);
    expect(host.invocations).toMatchObject([{ ok: false, error: { message: 'the sweep met a wall' } }]);
  });

  it('are known by name', async () => {
    const { host } = await start(app);

    await expect(host.runTimer('sweeep')).rejects.toThrow(UnknownFunctionError);
    await expect(host.runTimer('sweeep')).rejects.toThrow(/registered: sweep/);
  });

  it('start through the admin endpoint, which does not wait for them', async () => {
    const { host } = await start(app, { SWEEP_MS: '50' });

    const accepted = await fetch(`${host.origin}/admin/functions/sweep`, { method: 'POST', body: '{}' });
    const unknown = await fetch(`${host.origin}/admin/functions/greet`, { method: 'POST' });

    expect([accepted.status, host.invocations.length, unknown.status]).toEqual([202, 0, 404]);
    await expect.poll(() => host.invocations.length).toBe(1);
  });

  it('that are under way are waited for by stop', async () => {
    const { host } = await start(app, { SWEEP_MS: '100' });
    const run = host.runTimer('sweep');
    await new Promise((resolve) => setTimeout(resolve, 20));

    await host.stop();

    expect(host.invocations).toMatchObject([{ name: 'sweep', ok: true }]);
    await run;
  });
});
