import { describe, expect, it } from 'vitest';

import { askedOf } from './asked.ts';

function asked(line: string): ReturnType<typeof askedOf> {
  return askedOf(line === '' ? [] : line.split(' '));
}

describe('What the simulator is asked for', () => {
  it.each([
    ['', { kind: 'many', seeds: 200, from: 1, fault: null }],
    ['--seeds 10 --from 7 --fault late-event-wins', { kind: 'many', seeds: 10, from: 7, fault: 'late-event-wins' }],
    ['--seed 0', { kind: 'one', seed: 0, fault: null }],
    ['--help', { kind: 'help' }],
    ['-h', { kind: 'help' }],
  ])('by "%s" is read', (line, expected) => {
    expect(asked(line)).toEqual(expected);
  });

  it.each([
    ['--seeds 0', 'would show nothing'],
    ['--seed 3 --seeds 4', 'one seed'],
    ['--seed 3 --from 4', 'one seed'],
    ['--seeds 1.5', 'whole numbers'],
    ['--seeds=', 'whole numbers'],
    ['--seeds=-5', 'whole numbers'],
    ['--seed', 'argument missing'],
    ['--fault nope', 'no fault nope'],
    ['--bogus', 'Unknown option'],
    ['12', 'positional'],
  ])('by "%s" is misuse, and not a run in which everything held', (line, said) => {
    expect(asked(line)).toMatchObject({ kind: 'misused', what: expect.stringContaining(said) as unknown });
  });
});
