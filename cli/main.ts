import { exitCode } from './exit-code.ts';
import { failureOf } from './failure.ts';
import type { Io, Output } from './io.ts';
import { programFor } from './program.ts';

/**
 * Runs one command.
 *
 * @param argv what was typed after `kerbwatch`
 * @returns the exit code; nothing is thrown
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCode.clean;
  try {
    await programFor(io, (finished) => (code = finished)).parseAsync(idsLast(argv), { from: 'user' });
    return code;
  } catch (error) {
    const failure = failureOf(error, io.signal);
    if (failure.message !== null) io.stderr.write(`${failure.message}\n`);
    return failure.code;
  }
}

/** The id of a finding about the tenant, `-/rule/subject`, begins as an option does; behind `--` nothing is taken for one. */
function idsLast(argv: readonly string[]): readonly string[] {
  const ids = argv.filter((each) => each.startsWith('-/'));
  return ids.length === 0 || argv.includes('--') ? argv : [...argv.filter((each) => !ids.includes(each)), '--', ...ids];
}

async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  const interrupt = new AbortController();
  // Once each: a second Ctrl-C ends the process where it stands.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort());
  // Whoever reads may stop reading (`kerbwatch audit | head`); that is no fault.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      stderr.write(`Cannot write the output: ${error.message}\n`);
      process.exit(exitCode.fault);
    });
  }

  const code = await run(process.argv.slice(2), { env, stdout, stderr, now: Date.now, signal: interrupt.signal });
  await Promise.all([stdout, stderr].map(flushed));
  // Requests that a refused sign-in or Ctrl-C left behind would hold the process.
  process.exit(code);
}

function flushed(stream: Output & { write(text: string, done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

if (import.meta.main) await main();
