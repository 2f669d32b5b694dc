import { z } from 'zod';
import { nearest } from '../nearest.ts';
import { refused } from './refusals.ts';
import { saidOfIssue, shown } from './said-of-issue.ts';

/**
 * The query of a request, as its schema reads it.
 * @throws RequestRefused that names every parameter that is wrong, unknown or given twice.
 */
export function readQuery<T>(schema: z.ZodType<T>, sent: URLSearchParams): T {
  const twice = [...new Set(sent.keys())].filter((name) => sent.getAll(name).length > 1);
  if (twice.length > 0)
    throw refusedFor(
      'query',
      twice.map((name) => `${shown(name)} is given more than once`),
    );
  return parsed('query', schema, Object.fromEntries(sent));
}

/** The body of a request, as its schema reads it. @throws RequestRefused that names every member that is wrong or unknown. */
export function readJson<T>(schema: z.ZodType<T>, sent: unknown): T {
  return parsed('body', schema, sent);
}

function parsed<T>(where: 'query' | 'body', schema: z.ZodType<T>, sent: unknown): T {
  // What a schema says itself goes before what is said here.
  const result = schema.safeParse(sent, { error: saidOfIssue });
  if (result.success) return result.data;
  throw refusedFor(
    where,
    result.error.issues.flatMap((issue) => {
      // A place in a list that is written with commas is no name that anybody gave.
      const path = issue.path.filter((step) => typeof step === 'string');
      if (issue.code !== 'unrecognized_keys') {
        return [path.length === 0 ? `it ${issue.message}` : `${shown(path.join('.'))}: ${issue.message}`];
      }
      return issue.keys.map((key) => unknownName(key, path, namesAt(schema, path)));
    }),
  );
}

function unknownName(key: string, path: readonly string[], known: readonly string[]): string {
  const meant = nearest(key, known);
  return `${shown([...path, key].join('.'))} is not known${meant === null ? '' : `; did you mean ${meant}?`}`;
}

/** The members that the object at a path may have. */
function namesAt(schema: unknown, [first, ...rest]: readonly string[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return namesAt(schema.unwrap(), first === undefined ? [] : [first, ...rest]);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return first === undefined ? Object.keys(schema.shape) : namesAt(schema.shape[first], rest);
}

function refusedFor(where: string, problems: readonly string[]) {
  return refused('request', `The ${where} is wrong: ${problems.join('; ')}.`, { members: { problems } });
}
