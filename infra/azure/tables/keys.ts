import { sha256 } from '../../digest.ts';

/** Stands for an account or a subject in keys: 24 hex digits. @param key ARM id in lower case, or `-/` and the subject. */
export function placeHash(key: string): string {
  return sha256(key).slice(0, 24);
}

/** A count as text that sorts like the number; for transition and shard numbers. */
export function padded(number: number): string {
  return String(number).padStart(8, '0');
}

/** A time as text that sorts like the time. @param at epoch milliseconds. */
export function timeKey(at: number): string {
  return String(at).padStart(16, '0');
}

/** A time as text that sorts newest first. @param at epoch milliseconds. */
export function newestFirstKey(at: number): string {
  return timeKey(Number.MAX_SAFE_INTEGER - at);
}

/** A text that Table Storage does not take as a key. */
export class UnsafeKey extends Error {
  override readonly name = 'UnsafeKey';
}

/**
 * The text itself, when it may stand in a key: 1 to 128 characters, no `/ \ # ?` and no control character, which the
 * service refuses, and no `~`, which joins the parts of our keys unless `joined`.
 * @throws UnsafeKey
 */
export function keyPart(text: string, { joined = false }: { readonly joined?: boolean } = {}): string {
  const safe = joined ? /^[\w.:~-]{1,128}$/ : /^[\w.:-]{1,128}$/;
  if (safe.test(text)) return text;
  throw new UnsafeKey(`${JSON.stringify(text)} cannot be part of a table key: letters, digits and . _ : - only`);
}
