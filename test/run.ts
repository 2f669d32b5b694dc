/** What `npm test` runs: the bundle, then every test (arguments go to vitest), then vitest's own counts on the last line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runNode } from './run-node.ts';

/** The part of vitest's JSON report that is read here. */
interface Report {
  numTotalTests: number;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

const root = resolve(import.meta.dirname, '..');

process.exitCode = await runTests(process.argv.slice(2));

async function runTests(args: readonly string[]): Promise<number> {
  const built = existsSync(join(root, 'infra/build.ts')) ? await runNode(['infra/build.ts'], root) : 0;
  if (built !== 0) return built;

  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-test-'));
  try {
    const reportFile = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], root);
    return conclude(exitCode, reportFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Vitest's verdict stands; on top of it, a run in which no test ran at all is no success. */
function conclude(exitCode: number, reportFile: string): number {
  if (!existsSync(reportFile)) {
    console.error(`vitest ended with exit code ${exitCode} and left no report; what it says above is the reason.`);
    return exitCode === 0 ? 1 : exitCode;
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const ran = report.numPassedTests + report.numFailedTests;
  if (ran === 0) console.error('No test ran.');
  if (exitCode !== 0 && report.numFailedTests === 0) {
    console.error(
      'vitest failed outside of any test (a file that could not be loaded, or an unhandled error); see above.',
    );
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
  return exitCode === 0 && ran === 0 ? 1 : exitCode;
}
