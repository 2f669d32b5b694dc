import { describe, expect, it } from 'vitest';

import { askedOf } from './asked.ts';

describe('What chaos is asked for', () => {
  it.each([
    [[], { kind: 'kills', kills: 100, seed: 1 }],
    [['--kills', '5', '--seed', '7'], { kind: 'kills', kills: 5, seed: 7 }],
    [['--help'], { kind: 'help' }],
  ])('by %j is read', (args, expected) => {
    expect(askedOf(args)).toEqual(expected);
  });

  it.each([
    [['--bogus'], 'Unknown option'],
    [['--kills'], 'argument missing'],
    [['--kills', '0'], 'whole numbers'],
    [['--kills=-3'], 'whole numbers'],
    [['--kills', '1e2'], 'whole numbers'],
    [['--seed', ''], 'whole numbers'],
    [['5'], 'positional'],
  ])('by %j is misuse, said in a line', (args, said) => {
    expect(askedOf(args)).toMatchObject({ kind: 'misused', what: expect.stringContaining(said) as unknown });
  });
});
