import type { Environment } from '../../infra/config.ts';
import { run } from '../../cli/main.ts';
import type { Output } from '../../cli/io.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** What stdout is besides a place for text; no terminal where absent. */
  readonly terminal?: Pick<Output, 'isTTY' | 'getColorDepth'>;
}

/** Runs the command line in this process, with nothing of its environment. */
export async function kerbwatch(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const code = await run(argv, {
    env: around.env ?? {},
    stdout: { ...around.terminal, write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    now: Date.now,
    signal: around.signal ?? new AbortController().signal,
  });
  return { code, ...written };
}
