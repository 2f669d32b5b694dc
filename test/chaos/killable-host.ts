import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { HostLog } from '../../infra/local/functions-host/host.ts';
import type { FromHost, ToHost } from './host-messages.ts';

const program = fileURLToPath(new URL('host-child.ts', import.meta.url));

export interface KillableHostOptions {
  readonly bundle: string;
  readonly appSettings: Readonly<Record<string, string>>;
  readonly serviceBusConnectionString: string;
  readonly log: (entry: HostLog) => void;
}

/** A functions host in a process of its own, which may be killed at any moment and started again on the same port. */
export interface KillableHost {
  /** Starts the process, and does not wait for it. */
  start(): void;
  /** Resolves once every trigger is open. @throws Error where the process ended and nobody had killed it */
  up(): Promise<void>;
  readonly isUp: boolean;
  /** Names of the timers that run at this moment. */
  readonly timers: readonly string[];
  /** SIGKILL: the process gets no chance to do anything more. Resolves when it is gone. */
  kill(): Promise<void>;
  /** For example `http://127.0.0.1:7071`; known once it was ready, and the same ever after. */
  readonly origin: string | null;
  /** Resolves to null when the run ended well, else to what went wrong; rejects when the process died under it. */
  runTimer(name: string): Promise<string | null>;
}

/** The process was killed while something was expected of it. */
export class HostDied extends Error {
  override readonly name = 'HostDied';
}

interface RunningTimer {
  readonly name: string;
  readonly done: (error: string | null) => void;
  readonly died: (error: Error) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly timers: Map<number, RunningTimer>;
  readonly up: Promise<void>;
  isUp: boolean;
  killed: boolean;
}

export function createKillableHost(options: KillableHostOptions): KillableHost {
  let running: Running | null = null;
  let origin: string | null = null;
  let lastId = 0;

  function start(): Running {
    const child = fork(program, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { promise: up, resolve, reject } = Promise.withResolvers<undefined>();
    // Who waits for it is told; nobody has to.
    up.catch(() => undefined);
    const mine: Running = { child, timers: new Map(), up, isUp: false, killed: false };
    child.on('message', (message: FromHost) => {
      switch (message.kind) {
        case 'ready':
          ({ origin } = message);
          mine.isUp = true;
          resolve(undefined);
          return;
        case 'log':
          options.log(message.entry);
          return;
        case 'timer-done':
          mine.timers.get(message.id)?.done(message.error);
          mine.timers.delete(message.id);
      }
    });
    child.once('exit', (code, signal) => {
      const how = `The functions host ended by itself (exit code ${String(code)}, signal ${String(signal)})`;
      const died = mine.killed ? new HostDied('The functions host was killed') : new Error(how);
      mine.isUp = false;
      for (const timer of mine.timers.values()) timer.died(died);
      mine.timers.clear();
      reject(died);
    });
    const { bundle, appSettings, serviceBusConnectionString } = options;
    const port = origin === null ? 0 : Number(new URL(origin).port);
    say(child, { kind: 'start', bundle, appSettings, serviceBusConnectionString, port });
    return mine;
  }

  return {
    get origin() {
      return origin;
    },
    get isUp() {
      return running?.isUp ?? false;
    },
    get timers() {
      return [...(running?.timers.values() ?? [])].map(({ name }) => name);
    },
    start() {
      running = start();
    },
    async up() {
      await running?.up;
    },
    async kill() {
      if (running?.child.exitCode !== null || running.child.signalCode !== null) return;
      const gone = once(running.child, 'exit');
      running.killed = true;
      running.child.kill('SIGKILL');
      await gone;
    },
    async runTimer(name) {
      const now = running;
      if (now === null) throw new Error(`There is no functions host to run ${name}: call start() first`);
      await now.up;
      lastId += 1;
      const id = lastId;
      return new Promise((done, died) => {
        if (!now.isUp) {
          died(new HostDied('The functions host was killed'));
          return;
        }
        now.timers.set(id, { name, done, died });
        say(now.child, { kind: 'timer', id, name });
      });
    },
  };
}

function say(child: ChildProcess, message: ToHost): void {
  // A channel that closes under it belongs to a process that has been killed: its exit is what counts.
  child.send(message, () => undefined);
}
