import type { z } from 'zod';

/** Longer names and words are not repeated to whoever sent them. */
const longestRepeated = 60;

export function shortened(sent: string, longest = longestRepeated): string {
  return sent.length > longest ? `${sent.slice(0, longest)}…` : sent;
}

/** In quotes, so that nothing in it passes for our own words. */
export function shown(sent: string, longest = longestRepeated): string {
  return JSON.stringify(shortened(sent, longest));
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  object: 'an object',
  array: 'a list',
};

/**
 * What is wrong with a value that says nothing of its own about it: what was expected, and what came. The value itself is
 * not repeated, since it may be anything.
 */
export function saidOfIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = types[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return `is missing; it has to be ${expected}`;
      return `has to be ${expected}, and is ${kindOf(issue.input)}`;
    }
    case 'too_big':
      return issue.origin === 'string'
        ? `is longer than ${String(issue.maximum)} characters`
        : `is more than ${String(issue.maximum)}`;
    case 'too_small':
      if (issue.origin !== 'string') return `is less than ${String(issue.minimum)}`;
      return issue.minimum === 1 ? 'is empty' : `is shorter than ${String(issue.minimum)} characters`;
    case 'invalid_value':
      return `has to be one of ${issue.values.map(String).join(', ')}`;
    default:
      return 'is not what belongs here';
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return types[typeof value] ?? 'something else';
}
