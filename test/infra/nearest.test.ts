import { describe, expect, it } from 'vitest';
import { severities } from '../../domain/model/verdict.ts';
import { nearest } from '../../infra/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['expectedSorce', ['scope', 'expectedSource'], 'expectedSource'],
    ['HIGH', ['low', 'high'], 'high'],
    ['kitten', ['sitting', 'mitten'], 'mitten'],
    ['ab', ['ax', 'xb'], 'ax'],
    ['alert', ['alerts', 'alarm'], 'alerts'],
  ])('to %j among %j is %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it('counts two swapped letters as one slip', () => {
    expect(nearest('hgih', severities)).toBe('high');
    expect(nearest('jsno', ['table', 'json'])).toBe('json');
  });

  it('takes a name that was broken off, or that goes on', () => {
    expect(nearest('mfa', ['consent-granted', 'mfa-excluded'])).toBe('mfa-excluded');
    expect(nearest('AADKERBEROS', ['AD', 'AADKERB'])).toBe('AADKERB');
  });

  it.each([
    ['top', severities],
    ['urgent', severities],
    ['x', ['a', 'b']],
    ['', ['long', 'a']],
    ['in', ['info']],
    ['colour', ['rules', 'scope', 'alerts']],
    ['word', []],
  ])('to %j among %j is none', (word, candidates) => {
    expect(nearest(word, candidates)).toBeNull();
  });
});
