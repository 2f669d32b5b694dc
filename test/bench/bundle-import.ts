import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { buildBundle } from '../../infra/build.ts';
import { figure, heading, percentile } from './figures.ts';
import { root, runChild } from './run-child.ts';

const rounds = 5;

/** How long a fresh process takes to import the functions bundle; the process without it is taken off. */
export async function benchBundleImport(): Promise<void> {
  heading(
    'Import of the functions bundle',
    `fresh process, median of ${String(rounds)}; the import itself, timed inside the process`,
  );
  const bundle = join(root, 'dist/main.mjs');
  const { bytes } = await buildBundle({ outfile: bundle });
  const program = `const started = performance.now(); await import(${JSON.stringify(pathToFileURL(bundle).href)}); process.stderr.write(String(performance.now() - started)); process.exit(0);`;
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { stderr } = await runChild(['--input-type=module', '--eval', program]);
    times.push(Number(/[\d.]+$/.exec(stderr)?.[0] ?? Number.NaN));
  }
  figure('bundle', `${(bytes / 1e6).toFixed(2)} MB`);
  figure('median', `${percentile(times, 0.5).toFixed(0)} ms`);
  figure('worst', `${Math.max(...times).toFixed(0)} ms`);
}
