import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSymptoms } from '../../cli/find-symptoms.ts';
import { rules } from '../../domain/rules/index.ts';
import { symptoms } from '../../domain/rules/symptoms.ts';

const docs = resolve(import.meta.dirname, '../../docs');
const text = readFileSync(join(docs, 'requirements.md'), 'utf8');
const articles = text.split(/^## Article /mu).slice(1);
const rows = articles.flatMap((article) =>
  article
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| requirement') && !/^\| -{3,} \|/u.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/gu, '').trim())),
);

describe('docs/requirements.md', () => {
  it('has a part with requirements for each of the five articles', () => {
    expect(articles.map((article) => article.slice(0, 1))).toEqual(['0', '1', '2', '3', '4']);
    expect(articles.filter((article) => !article.includes('| requirement'))).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });

  it('answers each requirement by a rule, by explain, or by hand', () => {
    const unanswered = rows.filter(([, answer = '', byHand = '']) => {
      const answered = answer.includes('](rules/') || answer.includes('kerbwatch explain');
      return !answered && (byHand === '-' || byHand === '');
    });
    expect(unanswered).toEqual([]);
  });

  it('says by hand how to see the protocol of a share, since no rule reads shares', () => {
    const aboutProtocol = rows.filter(([requirement = '']) => requirement.includes('NFS'));
    expect(aboutProtocol.length).toBeGreaterThanOrEqual(2);
    for (const [, answer, byHand] of aboutProtocol) {
      expect(answer).toContain('cannot be seen without reading shares');
      expect(byHand).toContain('enabledProtocols');
    }
  });

  it('links only to rules that are there', () => {
    const linked = [...text.matchAll(/\]\(rules\/([\w-]+)\.md\)/gu)].map(([, id]) => id ?? '');
    expect(linked.length).toBeGreaterThan(20);
    expect(linked.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
    expect(linked.filter((id) => !existsSync(join(docs, 'rules', `${id}.md`)))).toEqual([]);
  });

  it('names every rule that the articles led to', () => {
    expect(
      rules.filter(({ about, id }) => about !== 'operation' && !text.includes(`](rules/${id}.md)`)).map(({ id }) => id),
    ).toEqual([]);
  });

  it('asks explain only what it answers', () => {
    const asked = [...text.matchAll(/kerbwatch explain (?:"([^"]+)"|(\w+))/gu)]
      .map(([, quoted, word]) => quoted ?? word ?? '')
      .filter((one) => one !== '');
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((one) => findSymptoms(one, symptoms).length === 0)).toEqual([]);
  });
});
