import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { figure, heading, seconds } from './figures.ts';
import { root, runChild } from './run-child.ts';

/** `npm start` without npm: the launcher, and the whole story. */
export async function benchStart(): Promise<void> {
  heading(
    'npm start, everything installed',
    'node cli/launch.mjs cli/main.ts local --once, process start to end, once',
  );
  if (!existsSync(join(root, 'cli/main.ts'))) {
    figure('not measured', 'cli/main.ts is not there');
    return;
  }
  const { milliseconds, exitCode, stderr } = await runChild(['cli/launch.mjs', 'cli/main.ts', 'local', '--once']);
  figure('time', seconds(milliseconds));
  figure('exit code', String(exitCode));
  if (exitCode !== 0) figure('stderr, last line', stderr.trim().split('\n').at(-1) ?? '');
}
