import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a script with the Node that runs us, in this terminal, and resolves to its exit code (128 + signal when one ended it).
 * `args` starts with the script's path. SIGINT and SIGTERM are passed on, so that no tool outlives the command.
 */
export async function runNode(args: readonly string[], cwd: string): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  try {
    return await new Promise((done, failed) => {
      child.once('error', failed);
      child.once('exit', (code, signal) => {
        done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    process.off('SIGINT', passOn);
    process.off('SIGTERM', passOn);
  }
}
