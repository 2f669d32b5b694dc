import { describe, expect, it } from 'vitest';
import { compilePolicies } from '../../../domain/conditional-access/compile.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import { guid, policy } from '../build.ts';

function ordered(...policies: ConditionalAccessPolicy[]): readonly ConditionalAccessPolicy[] {
  return compilePolicies(policies).map((compiled) => compiled.policy);
}

describe('compiled policies', () => {
  it('stand by name, then by id, then by what they hold, whatever order they came in', () => {
    const first = policy({ displayName: 'A', id: null, state: 'disabled' });
    const second = policy({ displayName: 'A', id: null, state: 'enabled' });
    const third = policy({ displayName: 'A', id: guid(1) });
    const fourth = policy({ displayName: 'A', id: guid(2) });
    const fifth = policy({ displayName: 'B', id: guid(0) });
    const all = [first, second, third, fourth, fifth];
    expect(ordered(...all)).toEqual(all);
    expect(ordered(...all.toReversed())).toEqual(all);
    expect(ordered(third, fifth, first, fourth, second)).toEqual(all);
  });

  it('stay beside each other where they are the same', () => {
    expect(ordered(policy(), policy())).toEqual([policy(), policy()]);
  });
});
