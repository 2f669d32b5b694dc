import { describe, expect, it } from 'vitest';
import { nearest } from '../../infra/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['expectedSorce', ['scope', 'expectedSource'], 'expectedSource'],
    ['HIGH', ['low', 'high'], 'high'],
    ['kitten', ['sitting', 'mitten'], 'mitten'],
    ['ab', ['ax', 'xb'], 'ax'],
    ['', ['long', 'a'], 'a'],
    ['alert', ['alerts', 'alarm'], 'alerts'],
  ])('to %j among %j is %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it('is nothing where there are no names', () => {
    expect(nearest('word', [])).toBeNull();
  });
});
