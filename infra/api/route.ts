import type { DescribedOperation } from './operation.ts';

/** An operation that a request asks for, with the segments of its path that stand for names. */
export interface Route<Operation extends DescribedOperation> {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/**
 * The operations that a path has, by method; empty for an unknown path.
 * @param pathname as it was sent; what stands before `/v1` is the platform's, and names are percent-decoded
 */
export function routesOf<Operation extends DescribedOperation>(
  pathname: string,
  operations: Iterable<Operation>,
): ReadonlyMap<string, Route<Operation>> {
  const below = /^.*?\/v1(\/.*)$/u.exec(pathname)?.[1] ?? '';
  const routes = new Map<string, Route<Operation>>();
  for (const operation of operations) {
    const path = matched(operation.path.split('/'), below.split('/'));
    if (path !== null) routes.set(operation.method, { operation, path });
  }
  return routes;
}

function matched(template: readonly string[], sent: readonly string[]): Readonly<Record<string, string>> | null {
  if (template.length !== sent.length) return null;
  const path: Record<string, string> = {};
  for (const [at, expected] of template.entries()) {
    const segment = sent[at] ?? '';
    const name = /^\{(.+)\}$/u.exec(expected)?.[1];
    if (name === undefined) {
      if (segment !== expected) return null;
      continue;
    }
    const value = decoded(segment);
    if (value === null || value === '') return null;
    path[name] = value;
  }
  return path;
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
