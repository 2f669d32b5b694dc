import { z } from 'zod';
import type { SecurityAttributes } from '../../domain/model/directory.ts';

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

const attributeSet = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((set) => said(set ?? {}))
  .pipe(z.record(z.string(), attributeValue));

const attributeSets = z
  .record(z.string(), z.unknown())
  .transform(withoutAnnotations)
  .pipe(z.record(z.string(), attributeSet));

/**
 * `customSecurityAttributes` of a service principal. Absent: not read; null: none. Annotations (`@odata.type`,
 * `Name@odata.type`) and attributes that are null are left out. A value of a shape that is not known here makes all of them
 * null, not read: a filter must not be decided by what is left.
 */
export const securityAttributes = z
  .unknown()
  .optional()
  .transform((sets): SecurityAttributes | null => {
    if (sets === undefined) return null;
    if (sets === null) return {};
    const parsed = attributeSets.safeParse(sets);
    return parsed.success ? parsed.data : null;
  });

function withoutAnnotations(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !name.includes('@')));
}

function said(set: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(withoutAnnotations(set)).filter(([, value]) => value !== null));
}
