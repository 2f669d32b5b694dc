#!/usr/bin/env node
/**
 * Starts every script and the `kerbwatch` command. Plain JavaScript with built-in modules alone, because it runs on whatever Node
 * is installed (20.20 or newer) and before anything is: it installs what is missing, then starts the Node the project brings.
 *
 *   node cli/launch.mjs <script> [args…]    a script of this project, named with its folder: cli/main.ts, test/run.ts
 *   kerbwatch [args…]                       anything else is the command line's own: cli/main.ts with all arguments
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringUpToDate } from './launch/installation.mjs';
import { nodesToTry, whatToInstall } from './launch/node.mjs';

const usageOrSetUp = 2;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const advice = whatToInstall(root);
  if (advice !== undefined) {
    process.stderr.write(`${advice}\n`);
    return usageOrSetUp;
  }
  const installed = await bringUpToDate(root);
  if (installed !== 0) return installed;

  const command = commandFor(args);
  for (const node of nodesToTry(root)) {
    const exitCode = await run(node, command);
    if (exitCode !== undefined) return exitCode;
  }
  process.stderr.write(`${whatToInstall(root, { broughtNodeFails: true })}\n`);
  return usageOrSetUp;
}

/**
 * A script is named with its folder and its ending and is there; no command of kerbwatch has a slash in its name, so what a
 * person types, `preflight policies/new.json` or even `preflight rule.mjs`, is never taken for one.
 */
function commandFor(args) {
  const [first = ''] = args;
  const path = resolve(root, first);
  const isScript = /^[^-].*[/\\].*\.(?:ts|js|mjs|cjs)$/.test(first) && path.startsWith(root + sep) && existsSync(path);
  return isScript ? [path, ...args.slice(1)] : [join(root, 'cli', 'main.ts'), ...args];
}

/**
 * Resolves to the exit code (128 + signal, as shells count, when a signal ended it), or undefined when this Node cannot be started
 * at all: the brought binary is there but its loader is not, as on Alpine.
 */
function run(node, command) {
  return new Promise((done) => {
    const child = spawn(node.path, [...node.options, ...command], { stdio: 'inherit' });
    const stopForwarding = forwardSignals(child);
    child.once('error', () => {
      stopForwarding();
      done(undefined);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      done(code ?? 128 + constants.signals[signal]);
    });
  });
}

/**
 * The child decides when to stop, so the launcher outlives every signal and passes it on. A Ctrl-C at a terminal already reaches
 * the child, which should not see it twice; on Windows a console event does so too, and `kill` there would end it without a word.
 */
function forwardSignals(child) {
  const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const reachesChildAnyway = process.platform === 'win32' || (signal === 'SIGINT' && atTerminal);
    const listener = () => {
      if (!reachesChildAnyway) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((stop) => stop());
}
