import { isDeepStrictEqual } from 'node:util';

import type { PlanExecutor } from '../../../domain/audit/ports.ts';
import type { GraphMethod } from './graph-channel.ts';
import type { GraphWriter } from './graph-writer.ts';

/** A plan names a call that Microsoft Graph's part of remediation does not make. */
export class UnsupportedCall extends Error {
  override readonly name = 'UnsupportedCall';
}

const methods: readonly string[] = ['POST', 'PATCH', 'DELETE'] satisfies readonly GraphMethod[];

/** Carries out planned calls on Microsoft Graph; a URL that is not a path of v1.0 is refused. */
export function createGraphPlanExecutor(writer: GraphWriter): PlanExecutor {
  return {
    async check({ reads }) {
      const found = await writer.request('GET', graphPath(reads.url));
      return {
        holds: Object.entries(reads.expect).every(([pointer, value]) => isDeepStrictEqual(at(found, pointer), value)),
        found,
      };
    },
    execute({ method, url, body }) {
      if (!isGraphMethod(method)) throw new UnsupportedCall(`${method} ${url} is no call of Microsoft Graph`);
      return writer.request(method, graphPath(url), body);
    },
  };
}

function isGraphMethod(method: string): method is GraphMethod {
  return methods.includes(method);
}

function graphPath(url: string): string {
  if (!url.startsWith('/v1.0/')) throw new UnsupportedCall(`${url} is no path of Microsoft Graph v1.0`);
  return url;
}

/** The value at a JSON pointer (RFC 6901); null where there is none, so that `null` expects absence. */
function at(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, token) =>
        typeof value === 'object' && value !== null
          ? ((value as Readonly<Record<string, unknown>>)[token] ?? null)
          : null,
      document,
    );
}
