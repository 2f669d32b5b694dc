import type { IncomingMessage } from 'node:http';
import { answerAdmin } from './admin-endpoint.ts';
import { applyAppSettings } from './app-environment.ts';
import { UnknownFunctionError } from './errors.ts';
import { createEventGridWebhook, EVENT_GRID_PATH } from './event-grid-webhook.ts';
import { readHostJson } from './host-json.ts';
import type { HostLog } from './host-log.ts';
import { BodyTooLargeError, problem, readBody, type HttpAnswer } from './http-exchange.ts';
import { startHttpListener } from './http-listener.ts';
import { createHttpTriggers } from './http-triggers.ts';
import { createInvoker, type Invocation, type Invoker } from './invoker.ts';
import { loadApp, type FunctionsApp } from './load-app.ts';
import { indexFunction, withTrigger, type RegisteredFunction } from './registered-function.ts';
import { startServiceBusTriggers } from './service-bus-triggers.ts';
import { settledWithin } from '../../settled-within.ts';
import { createTimers, type Timers } from './timers.ts';

export type { HostLog } from './host-log.ts';
export type { Invocation } from './invoker.ts';
export type { RegisteredFunction } from './registered-function.ts';

export interface FunctionsHostOptions {
  /** Path of the built bundle, an ES module. The nearest host.json at or above its folder is obeyed. */
  readonly bundle: string;
  /** Becomes the app's environment while the host is up; `%NAME%` in bindings is looked up here and nowhere else. */
  readonly appSettings: Readonly<Record<string, string>>;
  /** Where the triggers listen, whatever connection they name. */
  readonly serviceBusConnectionString: string;
  /** Of the HTTP listener on 127.0.0.1; 0 or absent picks a free one. */
  readonly port?: number;
  readonly log: (entry: HostLog) => void;
  readonly clock?: () => Date;
  /** The wait before the broker is tried again; 500 ms by default. */
  readonly retryDelayMs?: number;
  /** Takes the place of host.json's sessionIdleTimeout, which is long for a local run; 500 ms by default. */
  readonly sessionIdleMs?: number;
  /** Where the app settings are put; `process.env` by default. */
  readonly environment?: Record<string, string | undefined>;
}

/** The functions of a built bundle, driven on this machine as the platform drives them. */
export interface FunctionsHost {
  /**
   * Loads the bundle, indexes its functions, and opens every trigger. On an error nothing stays open.
   * @throws BundleLoadError, NoFunctionsError, MissingAppSettingError, UnsupportedBindingError, HostJsonError, HostPortInUseError
   */
  start(): Promise<void>;
  /** Takes nothing new, waits for the handlers under way, and puts the environment back. */
  stop(): Promise<void>;
  readonly functions: readonly RegisteredFunction[];
  /** e.g. `http://127.0.0.1:7071`; empty before start. */
  readonly origin: string;
  /**
   * Runs a timer now and waits for it; two runs of one timer follow each other.
   * @throws UnknownFunctionError, FunctionFailedError
   */
  runTimer(name: string, options?: { readonly isPastDue?: boolean }): Promise<void>;
  /**
   * Posts to the Event Grid web hook, as Event Grid would: an array of Event Grid events, a CloudEvent, or a batch of them.
   * @throws UnknownFunctionError
   */
  postEventGrid(functionName: string, events: unknown): Promise<{ readonly status: number; readonly body: string }>;
  /** The finished calls, oldest first (the last 10,000). */
  readonly invocations: readonly Invocation[];
}

/** Longer than any part takes that closes at all. */
const stopPatienceMs = 15_000;

interface RunningHost {
  readonly functions: readonly RegisteredFunction[];
  readonly origin: string;
  readonly timers: Timers;
  readonly invoker: Invoker;
  stop(): Promise<void>;
}

export function createFunctionsHost(options: FunctionsHostOptions): FunctionsHost {
  let host: RunningHost | undefined;
  let invocations: readonly Invocation[] = [];
  const running = (): RunningHost => {
    if (host === undefined) throw new Error('The functions host is not running. Call start() first.');
    return host;
  };
  return {
    async start() {
      if (host !== undefined) throw new Error('The functions host is running already. Call stop() first.');
      host = await startHost(options);
      invocations = host.invoker.invocations;
    },
    async stop() {
      const stopping = host;
      host = undefined;
      await stopping?.stop();
    },
    get functions() {
      return host?.functions ?? [];
    },
    get origin() {
      return host?.origin ?? '';
    },
    get invocations() {
      return invocations;
    },
    runTimer: (name, { isPastDue = false } = {}) => running().timers.run(name, isPastDue),
    postEventGrid: (functionName, events) => postEventGrid(running(), functionName, events),
  };
}

async function startHost(options: FunctionsHostOptions): Promise<RunningHost> {
  const { bundle, appSettings, log, clock = () => new Date() } = options;
  const hostJson = readHostJson(bundle);
  const restoreEnvironment = applyAppSettings(options.environment ?? process.env, appSettings);
  try {
    const app = await loadApp(bundle, (level, _category, message) => log({ level, category: 'system', message }));
    const functions = app.registrations.map((registration) => indexFunction(registration, appSettings));
    const invoker = createInvoker(app, log, clock);
    const timers = createTimers(withTrigger(functions, 'timer'), invoker, log, clock);
    const webhook = createEventGridWebhook(withTrigger(functions, 'eventGrid'), invoker);
    const http = createHttpTriggers(withTrigger(functions, 'http'), hostJson.extensions.http.routePrefix, invoker);
    warnOfRetryPolicies(functions, log);

    const answer = async (request: IncomingMessage): Promise<HttpAnswer> => {
      const url = URL.parse(request.url ?? '/', `http://${request.headers.host ?? ''}`);
      if (url === null) return problem('request', 'The target of the request is no path.');
      const method = request.method ?? 'GET';
      try {
        const body = await readBody(request);
        if (url.pathname.toLowerCase() === EVENT_GRID_PATH.toLowerCase()) {
          return await webhook.answer(method, request.headers, url.searchParams.get('functionName'), body);
        }
        const answered = answerAdmin(method, url.pathname, timers) ?? (await http(request, url, body));
        return answered ?? noFunction(method, url.pathname);
      } catch (error) {
        if (error instanceof BodyTooLargeError) return problem('too-large', error.message);
        throw error;
      }
    };

    const noFunction = (method: string, pathname: string): HttpAnswer =>
      problem(
        'no-function',
        `No function answers ${method} ${pathname}; all are below /${hostJson.extensions.http.routePrefix}.`,
      );

    await callHooks(app, 'appStart');
    const listener = await startHttpListener(options.port ?? 0, answer);
    const serviceBus = startServiceBusTriggers(withTrigger(functions, 'serviceBusQueue', 'serviceBusTopic'), {
      connectionString: options.serviceBusConnectionString,
      hostJson,
      invoker,
      log,
      sessionIdleMs: options.sessionIdleMs ?? 500,
      retryDelayMs: options.retryDelayMs ?? 500,
    });
    timers.start();
    return {
      functions,
      origin: `http://127.0.0.1:${String(listener.port)}`,
      timers,
      invoker,
      async stop() {
        timers.stop();
        // A client whose broker went away and came back may wait for an answer that never comes.
        const closed = await settledWithin(stopPatienceMs, Promise.all([listener.close(), serviceBus.close()]));
        if (!closed)
          log({ level: 'warning', category: 'host', message: 'Stopped without the last word of the broker.' });
        await settledWithin(stopPatienceMs, invoker.drained());
        await callHooks(app, 'appTerminate');
        restoreEnvironment();
      },
    };
  } catch (error) {
    restoreEnvironment();
    throw error;
  }
}

async function callHooks(app: FunctionsApp, name: 'appStart' | 'appTerminate'): Promise<void> {
  const context = { hookData: {} };
  for (const hook of app.hooks(name)) await hook(context);
}

function warnOfRetryPolicies(functions: readonly RegisteredFunction[], log: (entry: HostLog) => void): void {
  for (const { name, registration } of functions) {
    if (registration.metadata.retryOptions === undefined) continue;
    log({
      level: 'warning',
      category: 'host',
      functionName: name,
      message: 'Its retry policy is not followed locally.',
    });
  }
}

async function postEventGrid(
  host: RunningHost,
  functionName: string,
  events: unknown,
): Promise<{ status: number; body: string }> {
  const names = withTrigger(host.functions, 'eventGrid').map(({ name }) => name);
  if (!names.some((name) => name.toLowerCase() === functionName.toLowerCase())) {
    throw new UnknownFunctionError(functionName, 'Event Grid', names);
  }
  const sample: unknown = Array.isArray(events) ? events[0] : events;
  const isCloudEvent = typeof sample === 'object' && sample !== null && 'specversion' in sample;
  const batch = Array.isArray(events) ? '-batch' : '';
  const response = await fetch(`${host.origin}${EVENT_GRID_PATH}?functionName=${encodeURIComponent(functionName)}`, {
    method: 'POST',
    headers: {
      'content-type': `${isCloudEvent ? `application/cloudevents${batch}+json` : 'application/json'}; charset=utf-8`,
      'aeg-event-type': 'Notification',
    },
    body: JSON.stringify(events),
  });
  return { status: response.status, body: await response.text() };
}
