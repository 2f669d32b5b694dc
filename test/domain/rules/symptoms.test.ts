import { describe, expect, it } from 'vitest';
import { rules } from '../../../domain/rules/index.ts';
import { symptoms } from '../../../domain/rules/symptoms.ts';

describe('the error catalogue', () => {
  it('names only rules that are there', () => {
    const named = symptoms.flatMap(({ causes }) => causes.map(({ rule }) => rule)).filter((rule) => rule !== null);
    expect([...new Set(named)].filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  });

  it('names every rule whose failure somebody sees', () => {
    const named = new Set(symptoms.flatMap(({ causes }) => causes.map(({ rule }) => rule)));
    expect(rules.filter(({ id, symptom }) => symptom !== null && !named.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('has distinct ids and phrases', () => {
    const all = [...symptoms.map(({ id }) => id), ...symptoms.flatMap(({ phrases }) => phrases)];
    expect(new Set(all.map((text) => text.toLowerCase())).size).toBe(all.length);
  });

  it.each(symptoms)('tells of $id what it means, and something to do', ({ phrases, meaning, causes, byHand }) => {
    expect(phrases.length).toBeGreaterThan(0);
    expect(meaning).toMatch(/\.$/u);
    expect(causes.length).toBeGreaterThan(0);
    expect(causes.some(({ rule }) => rule !== null) || byHand.length > 0).toBe(true);
  });

  it('is plain text', () => {
    expect(JSON.stringify(symptoms)).not.toMatch(/\*\*|`|\]\(/u);
  });
});
