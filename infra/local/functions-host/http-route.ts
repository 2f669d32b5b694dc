import { UnsupportedBindingError } from './errors.ts';

/** The values of a route's parameters, or undefined when the path is another's. */
export type RouteMatch = (path: string) => Record<string, string> | undefined;

export interface Route {
  readonly match: RouteMatch;
  /** Higher wins when several routes match: a literal segment is worth more than a parameter. */
  readonly precedence: number;
}

const PARAMETER = /^\{(\*?)([A-Za-z_]\w*)(\??)\}$/;

/**
 * Reads a route template such as `findings/{id}/history` or `files/{*path}`; `{name?}` may be left out at the end. Literal text is
 * compared without case, as ASP.NET does. Constraints (`{id:int}`) are refused: parse the value in the handler.
 * @throws UnsupportedBindingError
 */
export function parseRoute(functionName: string, template: string): Route {
  const segments = template.split('/').filter((segment) => segment !== '');
  let precedence = 0;
  const parts = segments.map((segment, index) => {
    precedence *= 4;
    if (!segment.includes('{')) {
      precedence += 3;
      return `/${segment.replace(/[.*+?^$()|[\]\\}]/g, '\\$&')}`;
    }
    const [matched, star, name, optional] = PARAMETER.exec(segment) ?? [];
    const last = index === segments.length - 1;
    if (matched === undefined || name === undefined || ((star !== '' || optional !== '') && !last)) {
      throw new UnsupportedBindingError(
        functionName,
        `the part "${segment}" of its route "${template}" is not supported by the local host.`,
      );
    }
    if (star !== '') return `(?:/(?<${name}>.*))?`;
    precedence += 1;
    return optional === '' ? `/(?<${name}>[^/]+)` : `(?:/(?<${name}>[^/]+))?`;
  });
  const pattern = new RegExp(`^${parts.join('')}/?$`, 'i');
  return {
    precedence,
    match(path) {
      const groups = pattern.exec(path);
      if (groups === null) return undefined;
      const given = Object.entries(groups.groups ?? {}) as [string, string | undefined][];
      return Object.fromEntries(
        given.flatMap(([name, value]) => (value === undefined ? [] : [[name, decodeSegment(value)] as const])),
      );
    },
  };
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray per cent sign is the caller's text, not ours to refuse.
    return text;
  }
}
