import type { z } from 'zod';
import type { WireObject } from '../estate-source.ts';
import { WireMalformed } from './wire-malformed.ts';

/** The domain object that `schema` makes of `object`. Throws `WireMalformed` naming `kind` and every problem. */
export function parseWire<T>(kind: string, schema: z.ZodType<T>, object: WireObject): T {
  const result = schema.safeParse(object);
  if (result.success) return result.data;
  throw new WireMalformed(
    kind,
    result.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'object'}: ${issue.message}`),
  );
}
