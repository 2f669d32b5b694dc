import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../domain/findings/in-order.ts';

interface Entry {
  readonly rule: string | null;
  readonly number: number;
  readonly at: number;
}

/** `a2@5` is transition 2 of finding `a`, dated 5; `-@5` is something else of that time. */
function entry(text: string): Entry {
  const [, rule = '-', number = '0', at = ''] = /^([a-z]|-)(\d*)@(-?\d+)$/.exec(text) ?? [];
  return { rule: rule === '-' ? null : rule, number: Number(number), at: Number(at) };
}

function ordered(...texts: string[]): string[] {
  const byEntry = new Map(texts.map((text) => [entry(text), text]));
  const sorted = inOrder(
    [...byEntry.keys()],
    ({ at }) => at,
    ({ rule, ...step }) => (rule === null ? null : { key: 'k', rule, ...step }),
  );
  return sorted.map((one) => byEntry.get(one) ?? '');
}

describe('The order of history', () => {
  it('is that of time', () => {
    expect(ordered('b1@2', '-@1', 'a2@3', 'a1@1')).toEqual(['-@1', 'a1@1', 'b1@2', 'a2@3']);
  });

  it('keeps what has one time as it came', () => {
    expect(ordered('-@1', 'b1@1', 'a1@1', 'a2@1')).toEqual(['-@1', 'b1@1', 'a1@1', 'a2@1']);
  });

  it('is that of the numbers within a finding, where a clock stepped back; nothing else moves', () => {
    expect(ordered('a1@10', 'a2@3', '-@5', 'b1@4', 'b2@11')).toEqual(['a1@10', 'b1@4', '-@5', 'a2@3', 'b2@11']);
  });

  it('is that of the numbers where a clock was far ahead when the finding opened', () => {
    expect(ordered('a1@9999', 'a2@3', 'a3@4')).toEqual(['a1@9999', 'a2@3', 'a3@4']);
  });

  it('does not mix the lives of a finding that was forgotten in between and numbers its transitions anew', () => {
    expect(ordered('a1@1', 'a2@2', 'a3@3', 'a1@11', 'a2@12')).toEqual(['a1@1', 'a2@2', 'a3@3', 'a1@11', 'a2@12']);
    expect(ordered('a7@3', 'a1@11', 'a2@12')).toEqual(['a7@3', 'a1@11', 'a2@12']);
  });
});
