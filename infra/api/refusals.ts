import { type Problem, problemType } from './problem.ts';

/** A request is refused, for the reason that its problem tells. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The problems of the API itself; those of signing in stand with the check of tokens. */
const kinds = {
  request: [400, 'The request is wrong'],
  'page-token': [400, 'The page token is wrong'],
  role: [403, 'A role is missing'],
  'not-found': [404, 'There is no such thing'],
  method: [405, 'The method is wrong'],
  ambiguous: [409, 'The name is not unique'],
  refused: [409, 'It cannot be done now'],
  conflict: [409, 'Somebody else was first'],
  stale: [412, 'It has changed meanwhile'],
  'too-large': [413, 'The body is too large'],
  'media-type': [415, 'The body is not plain JSON'],
  'rate-limit': [429, 'Too many requests'],
  internal: [500, 'Something went wrong'],
  unreachable: [503, 'The store cannot be reached'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemKind = keyof typeof kinds;

/** A problem of a kind. @param detail what is wrong with this request, and what to do; no secret */
export function problemOf(kind: ProblemKind, detail: string, more: Pick<Problem, 'headers' | 'members'> = {}): Problem {
  const [status, title] = kinds[kind];
  return { type: problemType(kind), title, status, detail, ...more };
}

export function refused(...problem: Parameters<typeof problemOf>): RequestRefused {
  return new RequestRefused(problemOf(...problem));
}

/** The status that problems of a kind have. */
export function statusOf(kind: ProblemKind): number {
  return kinds[kind][0];
}

/** The title that problems of a kind have. */
export function titleOf(kind: ProblemKind): string {
  return kinds[kind][1];
}
