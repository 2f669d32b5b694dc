import type { z } from 'zod';
import { nearest } from '../nearest.ts';
import { refused } from './refusals.ts';

/** Longer names and words are not repeated to whoever sent them. */
const longestRepeated = 60;

/**
 * The query of a request, as its schema reads it.
 * @throws RequestRefused that names every parameter that is wrong, unknown or given twice.
 */
export function readQuery<T>(schema: z.ZodType<T>, known: readonly string[], sent: URLSearchParams): T {
  const twice = [...new Set(sent.keys())].filter((name) => sent.getAll(name).length > 1);
  if (twice.length > 0)
    throw refusedFor(
      'query',
      twice.map((name) => `${shown(name)} is given more than once`),
    );
  return parsed('query', schema, known, Object.fromEntries(sent));
}

/** The body of a request, as its schema reads it. @throws RequestRefused that names every member that is wrong or unknown. */
export function readJson<T>(schema: z.ZodType<T>, known: readonly string[], sent: unknown): T {
  return parsed('body', schema, known, sent);
}

function parsed<T>(where: 'query' | 'body', schema: z.ZodType<T>, known: readonly string[], sent: unknown): T {
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  throw refusedFor(
    where,
    result.error.issues.flatMap((issue) => {
      const at = issue.path.map(String).join('.');
      if (issue.code !== 'unrecognized_keys') return [at === '' ? issue.message : `${shown(at)}: ${issue.message}`];
      return issue.keys.map((key) => unknownName(at === '' ? key : `${at}.${key}`, known));
    }),
  );
}

function unknownName(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `${shown(name)} is not known${meant === null ? '' : `; did you mean ${meant}?`}`;
}

/** In quotes, so that nothing in it passes for our own words. */
function shown(name: string): string {
  return JSON.stringify(name.length > longestRepeated ? `${name.slice(0, longestRepeated)}…` : name);
}

function refusedFor(where: string, problems: readonly string[]) {
  return refused('request', `The ${where} is wrong: ${problems.join('; ')}.`, { members: { problems } });
}
