/** What `npm run check` runs: every check that is no test. All of them run, so that one visit shows all there is to mend. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runNode } from './run-node.ts';

const root = resolve(import.meta.dirname, '..');
const checks = ['typecheck', 'lint', 'boundaries', 'deadcode', 'format:check'];
const launcher = 'node cli/launch.mjs ';

process.exitCode = await runChecks();

async function runChecks(): Promise<number> {
  const failed: string[] = [];
  for (const check of checks) {
    console.log(`\n== ${check} ==`);
    if ((await runNode(scriptOf(check), root)) !== 0) failed.push(check);
  }
  console.log(failed.length === 0 ? `\nAll ${checks.length} checks passed.` : `\nFailed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

/** The check as package.json words it, without the launcher: this is already the Node it would start. */
function scriptOf(check: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const script = scripts[check];
  if (script?.startsWith(launcher) !== true) {
    throw new Error(
      `package.json: the script "${check}" should start with "${launcher}"; test/check.ts runs what follows.`,
    );
  }
  return script.slice(launcher.length).split(' ');
}
