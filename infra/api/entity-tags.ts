import { sha256 } from '../digest.ts';
import { refused } from './refusals.ts';

/** Whether what is stored may be changed, by its version. */
export type Precondition = (version: string) => boolean;

/** A strong entity tag (RFC 9110, 8.8.3) for a version of the store, whose own is weak and long. */
export function entityTag(version: string): string {
  return `"${sha256(version).slice(0, 32)}"`;
}

const listOfTags = /^(?:W\/)?"[^"\p{Cc}]*"(?:[ \t]*,[ \t]*(?:W\/)?"[^"\p{Cc}]*")*$/u;

/**
 * What `If-Match` asks; weak tags never match (RFC 9110, 13.1.1).
 * @returns null where it is not sent. @throws RequestRefused for what is neither `*` nor a list of entity tags.
 */
export function ifMatch(headers: Headers): Precondition | null {
  const tags = tagsOf(headers, 'If-Match');
  if (tags === null) return null;
  return tags === '*' ? () => true : (version) => tags.includes(entityTag(version));
}

/** Whether `If-None-Match` names the version; weak tags count as well (RFC 9110, 13.1.2). @throws RequestRefused */
export function isHeld(headers: Headers, version: string): boolean {
  const tags = tagsOf(headers, 'If-None-Match');
  if (tags === null) return false;
  return tags === '*' || tags.some((tag) => tag.replace(/^W\//u, '') === entityTag(version));
}

/** @throws RequestRefused for a version that `If-Match` does not name */
export function checkPrecondition(precondition: Precondition | null, version: string, what: string): void {
  if (precondition === null || precondition(version)) return;
  throw refused('stale', `${what} is not what it was when If-Match was read; get it again, and then decide anew.`);
}

function tagsOf(headers: Headers, name: string): readonly string[] | '*' | null {
  const text = headers.get(name)?.trim();
  if (text === undefined) return null;
  if (text === '*') return '*';
  if (listOfTags.test(text)) return text.match(/(?:W\/)?"[^"]*"/gu) ?? [];
  throw refused('request', `${name} is no entity tag: send the ETag of the last answer as it came, quotes included.`);
}
