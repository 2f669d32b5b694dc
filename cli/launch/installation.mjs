/**
 * Keeps `node_modules` what `package-lock.json` says, with the npm at hand. Outside a clone (no lockfile, or installed as someone's
 * dependency) it leaves everything alone.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const beatMs = 1_000;
const staleMs = 15_000;

/** Resolves to 0 when all is in place, else to npm's exit code. Two launches at once install once. */
export async function bringUpToDate(root) {
  if (!isClone(root) || isCurrent(root)) return 0;
  const lock = join(root, '.kerbwatch', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!acquire(lock)) {
    if (!told) process.stderr.write('Another command is installing packages; waiting for it.\n');
    told = true;
    await wait(250);
  }
  const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), beatMs);
  try {
    if (isCurrent(root)) return 0;
    const exitCode = await npmCi(root);
    if (exitCode === 0) writeStamp(root);
    return exitCode;
  } finally {
    clearInterval(beat);
    rmSync(lock, { recursive: true, force: true });
  }
}

function isClone(root) {
  return existsSync(join(root, 'package-lock.json')) && basename(dirname(root)) !== 'node_modules';
}

/**
 * The stamp remembers which lockfile was found installed, so the usual launch hashes two files and compares no packages. Without
 * it (someone ran npm themselves) the two lockfiles are compared, and agreement is remembered.
 */
function isCurrent(root) {
  const hidden = hiddenLockfile(root);
  if (!existsSync(hidden)) return false;
  if (existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === stamp(root)) return true;
  if (!samePackages(packagesOf(join(root, 'package-lock.json')), packagesOf(hidden))) return false;
  writeStamp(root);
  return true;
}

const hiddenLockfile = (root) => join(root, 'node_modules', '.package-lock.json');
const stampFile = (root) => join(root, 'node_modules', '.kerbwatch-lock');
const packagesOf = (lockfile) => JSON.parse(readFileSync(lockfile, 'utf8')).packages;

function stamp(root) {
  const hashes = [join(root, 'package-lock.json'), hiddenLockfile(root)].map((file) =>
    createHash('sha256').update(readFileSync(file)).digest('hex'),
  );
  return [`${process.platform}-${process.arch}`, ...hashes].join('\n');
}

function writeStamp(root) {
  if (!existsSync(hiddenLockfile(root))) return;
  try {
    writeFileSync(stampFile(root), stamp(root));
  } catch {
    // A read-only tree only costs the comparison at each launch.
  }
}

function samePackages(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, integrity, ...entry }]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true && !isForThisPlatform(entry);
    return found.version === version && found.integrity === integrity;
  });
}

/** npm leaves out optional packages of other platforms. Which C library this is takes long to tell, so those packages are not missed. */
function isForThisPlatform({ os, cpu, libc }) {
  if (os === undefined || libc !== undefined) return false;
  const named = (wanted, actual) => wanted === undefined || [wanted].flat().includes(actual);
  return named(os, process.platform) && named(cpu, process.arch);
}

/** mkdir is atomic; its holder touches the directory every second, so one left behind by a killed launch is told by its age. */
function acquire(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > staleMs) {
    const abandoned = `${lock}.${process.pid}`;
    try {
      renameSync(lock, abandoned);
      rmSync(abandoned, { recursive: true, force: true });
    } catch {
      // Another launch cleared it first.
    }
  }
  return false;
}

/** npm writes to stderr here: stdout belongs to the command that was asked for. */
function npmCi(root) {
  process.stderr.write(
    `Kerbwatch: ${existsSync(hiddenLockfile(root)) ? 'packages are out of date' : 'packages are not installed'}; running npm ci.\n`,
  );
  const [program, args, options] = npm();
  return new Promise((done) => {
    const child = spawn(program, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      ...options,
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const passOn = (signal) => child.kill(signal);
    const finish = (exitCode, message) => {
      signals.forEach((signal) => process.off(signal, passOn));
      if (exitCode !== 0) process.stderr.write(`Kerbwatch: ${message}\n`);
      done(exitCode);
    };
    signals.forEach((signal) => process.on(signal, passOn));
    child.once('error', (error) =>
      finish(2, `npm could not be started (${error.message}); install Node.js with npm, then run npm ci.`),
    );
    child.once('exit', (code, signal) =>
      finish(
        code ?? 128 + constants.signals[signal],
        'npm ci did not finish; what it says above has to be mended first.',
      ),
    );
  });
}

/** The npm that runs us, else the one beside the running Node, both by path; else whatever `npm` is, which on Windows is a script. */
function npm() {
  const running = process.env.npm_execpath?.replace(/npx-cli(?=\.[cm]?js$)/, 'npm-cli');
  const beside = dirname(process.execPath);
  const path = [
    ...(running !== undefined && /npm-cli\.[cm]?js$/.test(running) ? [running] : []),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(beside), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((candidate) => existsSync(candidate));
  if (path !== undefined) return [process.execPath, [path], {}];
  return process.platform === 'win32' ? ['npm.cmd', [], { shell: true }] : ['npm', [], {}];
}
