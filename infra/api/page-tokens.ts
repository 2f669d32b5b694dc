import { createHmac, timingSafeEqual } from 'node:crypto';
import { refused } from './refusals.ts';

/**
 * The token of the page that begins after a position of the store. It is signed together with the filter that it was made
 * for, so that it fits no other list.
 * @param key known to every instance of the app, and to nobody else
 */
export function pageToken(position: string, filter: object, key: string): string {
  const terms = Object.entries(filter).filter(([, value]) => value !== undefined);
  const signed = JSON.stringify([terms.sort(([a], [b]) => (a < b ? -1 : 1)), position]);
  const signature = createHmac('sha256', key).update(signed).digest('base64url');
  return `${Buffer.from(position).toString('base64url')}.${signature}`;
}

/** The position of a token. @throws RequestRefused for one that was not made here, or was made for another filter. */
export function pagePosition(token: string, filter: object, key: string): string {
  const position = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
  const expected = Buffer.from(pageToken(position, filter, key));
  const given = Buffer.from(token);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return position;
  throw refused(
    'page-token',
    'The page token is not one of this list: send next of the page before with the same filter, or begin without a token.',
  );
}
