import { z } from 'zod';

/** A text that may be missing; absent, null and empty are all null. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === undefined || text === '' ? null : text));

/** A title: absent and null are the empty text. */
export const title = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** An id that compares without case, in lower case. */
export const foldedId = z
  .string()
  .min(1)
  .transform((id) => id.toLowerCase());

/** A list that may be missing; absent and null are the empty list. Only where a missing list means that nothing is set. */
export const optionalList = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

/** A list that has to be there: one that was not read must not pass for an empty one. null is empty. */
export const requiredList = z
  .array(z.string())
  .nullable()
  .transform((list) => list ?? []);

/** true, false, or null where the source does not say. */
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? null);

/**
 * An ISO 8601 time with its zone and any number of fraction digits as epoch milliseconds; absent and null are null. Checked
 * before it is parsed: `Date.parse` makes a time of nearly every text that holds a number, and of 30 February.
 */
export const optionalInstant = z.iso
  .datetime({ offset: true, error: 'is not a time' })
  .nullish()
  .transform((text) => (text === undefined || text === null ? null : Date.parse(text)));
