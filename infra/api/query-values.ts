import { z } from 'zod';
import { unknownWord } from '../settings/named.ts';
import { shortened, shown } from './said-of-issue.ts';

/** How many, at most `most`. */
export function countTo(most: number, otherwise: number) {
  return z
    .string()
    .default(String(otherwise))
    .refine((text) => /^\d{1,5}$/u.test(text) && Number(text) >= 1 && Number(text) <= most, {
      error: ({ input }) => `has to be a number from 1 to ${String(most)}${butIs(input)}`,
    })
    .transform(Number)
    .pipe(z.int().min(1).max(most).meta({ default: otherwise }));
}

/** One of a few words. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: ({ input }) => saidOfWord(input, words) });
}

/** Some of a few words, as a comma list. */
export function words<const Words extends readonly [string, ...string[]]>(known: Words) {
  return z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(word(known)));
}

/** `true` or `false`; false where it is left out. */
export function flag() {
  return word(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .pipe(z.boolean().meta({ default: false }));
}

/** A text that `pattern` fits; the OpenAPI document has the pattern, which knows no flag there. */
export function text(pattern: RegExp, what: string) {
  return z.string().regex(pattern, { error: ({ input }) => `has to be ${what}${butIs(input)}` });
}

/** A GUID. */
export function guid(what: string) {
  return text(/^[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}$/u, what);
}

/** What is said of a word that is none of those known, with the nearest of them. */
export function saidOfWord(sent: unknown, known: readonly string[]): string {
  const word = typeof sent === 'string' ? sent : '';
  return unknownWord(shortened(word), known);
}

function butIs(sent: unknown): string {
  return typeof sent === 'string' ? `, and is ${shown(sent)}` : '';
}
