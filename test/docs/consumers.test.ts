import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../cli/conformance/cases.ts';
import { ResultEvent } from '../../infra/messages/result.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const guide = readFileSync(join(docs, 'consumers.md'), 'utf8');
const example = readFileSync(join(docs, 'examples/consumer.ts'), 'utf8');

describe('docs/consumers.md', () => {
  it('says of each case that conformance plays what a consumer has to do, in the same order', () => {
    const rows = [...guide.matchAll(/^\| `([\w-]+)` +\| ([^|]+?) +\|$/gmu)].map(([, name, expected]) => [
      name,
      expected,
    ]);
    const cases = conformanceCases.map(({ name, expected }) => [name, expected]);

    expect(rows.filter(([name]) => cases.some(([each]) => each === name) && name !== 'dry-run')).toEqual(
      cases.filter(([name]) => name !== 'dry-run'),
    );
    expect(rows).toContainEqual(cases.find(([name]) => name === 'dry-run'));
  });

  it('names every outcome that a result may have', () => {
    for (const outcome of ResultEvent.shape.data.shape.outcome.options) expect(guide).toContain(`\`${outcome}\``);
  });

  it('has eight steps, and the example does each of them', () => {
    const steps = [...guide.matchAll(/^(\d)\. \*\*/gmu)].map(([, step]) => step);

    expect(steps).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(steps.filter((step) => !example.includes(`// ${step ?? ''}. `))).toEqual([]);
  });

  it('links only to what is there', () => {
    const links = [...guide.matchAll(/\]\(([^)#]+)\)/gu)].map(([, path = '']) => path);

    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !existsSync(join(docs, path)))).toEqual([]);
  });
});
