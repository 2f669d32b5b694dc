import { join } from 'node:path';

import { figure, heading, percentile, seconds } from './figures.ts';
import { root, runChild } from './run-child.ts';

const rounds = 5;

/** `audit --snapshot` of the estate in `directory`, in fresh processes. `scratch` takes the document. */
export async function benchSnapshotAudit(directory: string, scratch: string): Promise<void> {
  const out = join(scratch, 'audit.json');
  const args = [join(root, 'cli/main.ts'), 'audit', '--snapshot', directory, '--format', 'json', '--out', out];
  heading('Audit of a snapshot', `cli/main.ts audit in a fresh process, process start to end, ${String(rounds)} times`);
  const times: number[] = [];
  let peak = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { milliseconds, exitCode, peakBytes, stderr } = await runChild(args);
    // 1 means findings and 3 a gap: both are results.
    if (exitCode !== 0 && exitCode !== 1 && exitCode !== 3) {
      figure('failed', `exit ${String(exitCode)}: ${stderr.trim()}`);
      return;
    }
    times.push(milliseconds);
    peak = Math.max(peak, peakBytes ?? 0);
  }
  figure('median', seconds(percentile(times, 0.5)));
  figure('worst', seconds(Math.max(...times)));
  figure('peak resident set, worst', `${(peak / 1e6).toFixed(0)} MB`);
}
