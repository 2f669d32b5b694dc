import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

import { rules } from '../../domain/rules/index.ts';

const folder = resolve(import.meta.dirname, '../../docs/rules');

const sections = [
  'Why',
  'Who is affected',
  'How it is read',
  'When it says unknown',
  'How to fix it',
  'How to undo it',
  'Sources',
];

const ways = ['Portal', 'Azure CLI', 'PowerShell', 'Microsoft Graph'];

function page(id: string): string {
  return readFileSync(join(folder, `${id}.md`), 'utf8');
}

describe('docs/rules', () => {
  it('has a page for every rule and no other', () => {
    expect(readdirSync(folder).sort()).toEqual(rules.map(({ id }) => `${id}.md`).sort());
  });

  it.each(rules)('says the statement and the severity of $id as the code does', ({ id, statement, severity }) => {
    expect(page(id).split('\n')[0]).toBe(`# ${id}`);
    expect(page(id)).toContain(`\n> ${statement}\n`);
    expect(page(id)).toContain(`**Severity:** ${severity}`);
  });

  it.each(rules)('says the symptom of $id as the code does', ({ id, symptom }) => {
    expect(page(id)).toContain(`**Symptom:** ${symptom ?? 'nothing that a user would see'}`);
  });

  it.each(rules)('tells of $id all that a reader looks for, in the same order', ({ id }) => {
    const found = [...page(id).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(found).toEqual(sections);
  });

  it.each(rules)('says how to fix $id in every way there is', ({ id }) => {
    expect(ways.filter((way) => !page(id).includes(`- **${way}:**`))).toEqual([]);
  });

  it.each(rules)('names the collections, thresholds and action of $id', ({ id, needs, thresholds, remediation }) => {
    const names = [...needs, ...Object.keys(thresholds), ...(remediation.action === null ? [] : [remediation.action])];
    expect(names.filter((name) => !page(id).includes(`\`${name}\``))).toEqual([]);
  });

  it.each(rules)('gives the default thresholds of $id', ({ id, thresholds }) => {
    const told = Object.entries(thresholds).map(([name, value]) => `\`${name}\` (${String(value)})`);
    expect(told.filter((text) => !page(id).includes(text))).toEqual([]);
  });

  it.each(rules)('links from $id only to pages that are there', ({ id }) => {
    const linked = [...page(id).matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name);
    expect(linked.filter((name) => !rules.some((rule) => rule.id === name))).toEqual([]);
  });
});
