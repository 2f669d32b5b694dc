import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BicepFile, bicepParser, literal, properties } from './bicep-tree.ts';

const root = resolve(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'azure.yaml'), 'utf8');

/** The services of azure.yaml, member by member: two levels below `services`, one line each, which is all it uses. */
const services = new Map(
  text
    .slice(text.indexOf('\nservices:\n') + '\nservices:\n'.length)
    .split(/^ {2}(?=\w)/mu)
    .slice(1)
    .map((block) => {
      const members = [...block.matchAll(/^ {4}(\w+): (.+)$/gmu)].map(([, name = '', value = '']) => [name, value]);
      return [block.slice(0, block.indexOf(':')), Object.fromEntries(members) as Readonly<Record<string, string>>];
    }),
);

let main: BicepFile;
let functionApp: BicepFile;

beforeAll(async () => {
  const parse = await bicepParser();
  const read = (path: string): BicepFile => parse(readFileSync(join(root, 'infra/bicep', path), 'utf8'));
  main = read('main.bicep');
  functionApp = read('modules/function-app.bicep');
});

describe('azure.yaml', () => {
  it('publishes to each app that the templates make, found by the tag that azd looks for', () => {
    const apps = main.modules.filter(({ type }) => type.endsWith('function-app.bicep'));
    const roles = apps.map(({ node }) => properties(properties(node).get('params') ?? node).get('role'));

    expect(functionApp.root.text).toContain("'azd-service-name': role");
    expect([...services.keys()].sort()).toEqual(roles.map((role) => role && literal(role)).sort());
  });

  it('publishes to the remediator under the condition under which the templates make it, off by default', () => {
    const { parameters } = JSON.parse(readFileSync(join(root, 'infra/bicep/main.parameters.json'), 'utf8')) as {
      parameters: Record<string, { value: string }>;
    };

    expect(services.get('remediator')?.['condition']).toBe(parameters['deployRemediator']?.value);
    expect(parameters['deployRemediator']?.value).toMatch(/^\$\{KERBWATCH_DEPLOY_REMEDIATOR=false\}$/u);
    expect(services.get('auditor')).not.toHaveProperty('condition');
    expect(text).toMatch(/^requiredVersions:\n {2}azd: '>= /mu);
  });

  it('publishes one package, the same to both', () => {
    const { condition: _, ...remediator } = services.get('remediator') ?? {};

    expect(remediator).toEqual(services.get('auditor'));
    expect(remediator).toEqual({ project: '.', language: 'ts', host: 'function', remoteBuild: 'false' });
  });

  it('names the folder and the file of the templates', () => {
    expect(text).toMatch(/^infra:\n {2}provider: bicep\n {2}path: infra\/bicep\n {2}module: main$/mu);
  });
});
