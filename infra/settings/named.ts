import { z } from 'zod';
import { nearest } from '../nearest.ts';

/** An object in which a key that `shape` does not name is refused, with the nearest one that it does: a line for each. */
export function named<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(key, shape)).join('\n') : undefined,
  });
}

/** One of `words`; another is refused with the nearest of them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) =>
      typeof input === 'string'
        ? `"${input}" is not known; did you mean "${nearest(input, words) ?? ''}"?`
        : `has to be one of ${words.join(', ')}`,
  });
}

function unknownKey(key: string, shape: z.ZodRawShape): string {
  const meant = nearest(key, Object.keys(shape));
  return meant === null ? 'unknown key; nothing can be set here' : `unknown key; did you mean "${meant}"?`;
}
