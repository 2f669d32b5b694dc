import { z } from 'zod';
import { nearest } from '../nearest.ts';

/** An object in which a key that `shape` does not name is refused, with the nearest one that it does: a line for each. */
export function named<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey(key, shape)).join('\n')
        : hasToBe('an object: { … }').error(issue),
  });
}

/** A list; left out, it is empty. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, hasToBe('a list: [ … ]'));
}

/** One of `words`; another is refused with the nearest of them, or by what `why` says of it. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  why: Readonly<Record<string, string>> = {},
) {
  return z.enum(words, {
    error: ({ input }) => (typeof input === 'string' ? (why[input] ?? unknownWord(input, words)) : choiceOf(words)),
  });
}

/** What is said of a value of the wrong type, and of one that is not there. */
export function hasToBe(what: string) {
  return {
    error: ({ input }: { readonly input?: unknown }): string =>
      input === undefined ? `is missing; it has to be ${what}` : `has to be ${what}`,
  };
}

/** What is said of a word that is none of `words`. */
export function unknownWord(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return `"${word}" is not known; ${meant === null ? choiceOf(words) : `did you mean "${meant}"?`}`;
}

function choiceOf(words: readonly string[]): string {
  return words.length === 1 ? `has to be ${words.join('')}` : `has to be one of ${words.join(', ')}`;
}

function unknownKey(key: string, shape: z.ZodRawShape): string {
  const known = Object.keys(shape);
  if (known.length === 0) return 'unknown key; nothing can be set here';
  const meant = nearest(key, known);
  return meant === null ? `unknown key; here belong ${known.join(', ')}` : `unknown key; did you mean "${meant}"?`;
}
