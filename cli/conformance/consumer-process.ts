import { spawn } from 'node:child_process';
import type { Environment } from '../../infra/config.ts';
import { settledWithin } from '../../infra/settled-within.ts';
import type { Output } from '../io.ts';

/** The consumer under test, as a program that somebody named. */
export interface ConsumerProcess {
  /** Why it is no longer running, null while it is. */
  ended(): string | null;
  stop(): Promise<void>;
}

const stopPatienceMs = 5_000;

/**
 * Starts the program with this environment and nothing else; what it writes goes to `output`.
 * @param command the program and its arguments; no shell reads them
 */
export function startConsumer(command: readonly string[], env: Environment, output: Output): ConsumerProcess {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let ended: string | null = null;
  const over = new Promise<void>((resolve) => {
    child.once('error', ({ message }) => {
      ended = message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended ??= signal ?? `exit code ${String(code)}`;
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.write(text));
  }
  return {
    ended: () => ended,
    async stop() {
      if (ended !== null) return;
      child.kill('SIGTERM');
      if (!(await settledWithin(stopPatienceMs, over))) child.kill('SIGKILL');
    },
  };
}
