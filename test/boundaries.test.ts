import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = resolve(import.meta.dirname, '..');

interface Cruise {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

/** Small files that break the rules, one each, beside files that keep them. */
const planted: Record<string, string> = {
  'domain/model/verdict.ts': `export type Verdict = 'pass';`,
  'domain/rules/keeps-the-rules.ts': `import type { Verdict } from '../model/verdict.ts'; export const verdict: Verdict = 'pass';`,
  'domain/rules/reads-a-file.ts': `import { readFileSync } from 'node:fs'; export const read = readFileSync;`,
  'domain/rules/knows-a-package.ts': `import { z } from 'zod'; export const schema = z;`,
  'domain/rules/knows-a-type-of-a-package.ts': `import type { z } from 'zod'; export type Schema = z.ZodType;`,
  'domain/rules/knows-infra.ts': `import { composed } from '../../infra/compose.ts'; export const known = composed;`,
  'infra/compose.ts': `export const composed = 1;`,
  'infra/azure/graph.ts': `import { z } from 'zod'; export const graph = z;`,
  'infra/azure/knows-the-command.ts': `import { command } from '../../cli/command.ts'; export const known = command;`,
  'infra/azure/uses-a-test-tool.ts': `import { expect } from 'vitest'; export const tool = expect;`,
  'infra/azure/chicken.ts': `import { egg } from './egg.ts'; export const chicken = (): unknown => egg;`,
  'infra/azure/egg.ts': `import { chicken } from './chicken.ts'; export const egg = (): unknown => chicken;`,
  'functions/keeps-the-rules.ts': `import { app } from '@azure/functions'; import { composed } from '../infra/compose.ts'; export const use = [app, composed];`,
  'functions/reaches-past-compose.ts': `import { graph } from '../infra/azure/graph.ts'; export const use = graph;`,
  'functions/calls-an-sdk.ts': `import { ServiceBusClient } from '@azure/service-bus'; export const use = ServiceBusClient;`,
  'cli/command.ts': `export const command = 1;`,
  'cli/knows-a-function.ts': `import { use } from '../functions/keeps-the-rules.ts'; export const known = use;`,
  'test/keeps-the-rules.test.ts': `import { expect } from 'vitest'; import { use } from '../functions/keeps-the-rules.ts'; expect(use);`,
};

describe('the import boundaries', () => {
  let project: string;
  let broken: Map<string, string[]>;

  beforeAll(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), 'kerbwatch-boundaries-')));
    for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(repository, file), join(project, file));
    }
    symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'), 'junction');
    for (const [path, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const folders = ['functions', 'domain', 'infra', 'cli', 'test'];
    const { stdout } = spawnSync(
      process.execPath,
      [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
      { cwd: project, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    broken = new Map();
    for (const { from, rule } of (JSON.parse(stdout) as Cruise).summary.violations) {
      broken.set(from, [...(broken.get(from) ?? []), rule.name]);
    }
  });

  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  it.each([
    ['domain/rules/reads-a-file.ts', 'domain-imports-only-domain'],
    ['domain/rules/knows-a-package.ts', 'domain-imports-only-domain'],
    ['domain/rules/knows-a-type-of-a-package.ts', 'domain-imports-only-domain'],
    ['domain/rules/knows-infra.ts', 'domain-imports-only-domain'],
    ['infra/azure/knows-the-command.ts', 'infra-imports-only-infra-and-domain'],
    ['infra/azure/uses-a-test-tool.ts', 'program-imports-no-test-tools'],
    ['functions/reaches-past-compose.ts', 'functions-reach-the-world-through-compose'],
    ['functions/calls-an-sdk.ts', 'functions-import-only-the-functions-package'],
    ['cli/knows-a-function.ts', 'cli-not-to-functions-or-test'],
  ])('catch that %s', (path, rule) => {
    expect(broken.get(path)).toEqual([rule]);
  });

  it('catch a circle', () => {
    expect([...broken].filter(([, rules]) => rules.includes('no-circular')).map(([from]) => from)).toEqual([
      expect.stringMatching(/^infra\/azure\/(?:chicken|egg)\.ts$/),
    ]);
  });

  it('let through what keeps the rules', () => {
    const keepers = Object.keys(planted).filter((path) => path.includes('keeps-the-rules'));

    expect(keepers.filter((path) => broken.has(path))).toEqual([]);
    expect(keepers).toHaveLength(3);
  });
});
