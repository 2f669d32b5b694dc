import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface BundleOptions {
  /** Where the bundle goes; its licence notices go beside it. */
  readonly outfile: string;
  /** The functions app's entry when it is not `functions/main.ts`. */
  readonly entry?: string;
  /** Whether a source map goes beside the bundle; default true. */
  readonly sourceMap?: boolean;
}

/**
 * Bundles the functions app and all its packages into one ES module.
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export async function buildBundle({
  outfile,
  entry = 'functions/main.ts',
  sourceMap = true,
}: BundleOptions): Promise<{ bytes: number }> {
  await mkdir(dirname(resolve(outfile)), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [resolve(ROOT, entry)],
    outfile: resolve(outfile),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // The platform's worker answers to this name itself; bundled, no function would register.
    external: ['@azure/functions-core'],
    minify: true,
    // Errors keep their class names in logs.
    keepNames: true,
    legalComments: 'linked',
    sourcemap: sourceMap,
    // CommonJS packages inside the bundle call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  return { bytes: (await stat(resolve(outfile))).size };
}

export async function main(): Promise<void> {
  const started = performance.now();
  const { bytes } = await buildBundle({ outfile: resolve(ROOT, 'dist/main.mjs') });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`dist/main.mjs: ${String(Math.round(bytes / 1024))} KiB in ${seconds} s\n`);
}

// Node before 24.2 has no import.meta.main.
const meta: { readonly main?: boolean; readonly filename: string } = import.meta;
if (meta.main ?? process.argv[1] === meta.filename) await main();
