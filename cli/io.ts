import type { Environment } from '../infra/config.ts';

/** Where text goes: `process.stdout`, or anything else that takes text. */
export interface Output {
  write(text: string): unknown;
  /** Whether a person reads it as it comes. */
  readonly isTTY?: boolean | undefined;
  /** As of `tty.WriteStream`, which honours `NO_COLOR`, `FORCE_COLOR` and `TERM`. */
  getColorDepth?(env?: object): number;
}

/** Everything a command has of the world outside the files and servers it is told to use. */
export interface Io {
  readonly env: Environment;
  /** What was asked for, and nothing else. */
  readonly stdout: Output;
  /** Everything a person is told besides. */
  readonly stderr: Output;
  /** Epoch milliseconds, UTC. */
  readonly now: () => number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
