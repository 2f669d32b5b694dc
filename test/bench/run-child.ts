import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ChildRun {
  readonly milliseconds: number;
  readonly exitCode: number | null;
  /** Largest resident set, bytes; null when the process ended without saying. */
  readonly peakBytes: number | null;
  readonly stderr: string;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

const peakMemory = new URL('peak-memory.ts', import.meta.url).href;

/** Runs a program in a fresh process of this Node with the options the launcher gave it, from start to end of the process, and asks for its peak memory. */
export function runChild(args: readonly string[]): Promise<ChildRun> {
  const started = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, '--import', peakMemory, ...args], {
    cwd: resolve(root),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  let told = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdio[3]?.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (exitCode) => {
      const milliseconds = performance.now() - started;
      done({ milliseconds, exitCode, peakBytes: told === '' ? null : Number(told) * 1024, stderr });
    });
  });
}
