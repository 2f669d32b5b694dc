import { Refusal } from './refusal.ts';

/** One page of a list. `next` is the opaque token for the following page, null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * Cuts a page out of a list that may change between pages: as in Azure, rows can then repeat or vanish.
 * `list` names what is listed, so that a token of another list is refused.
 */
export function pageOf<Item>(items: readonly Item[], size: number, token: string | null, list: string): Page<Item> {
  const start = token === null ? 0 : offsetIn(token, list);
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? tokenFor(end, list) : null };
}

/** The query of a next link: as it came, with the token, and `$` and blanks written as the services write them. */
export function nextQuery(query: URLSearchParams, token: string): string {
  const next = new URLSearchParams(query);
  next.set('$skiptoken', token);
  return next.toString().replaceAll('%24', '$').replaceAll('+', '%20');
}

function tokenFor(offset: number, list: string): string {
  return Buffer.from(JSON.stringify([offset, list])).toString('base64url');
}

function offsetIn(token: string, list: string): number {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && typeof value[0] === 'number' && value[1] === list) return value[0];
  } catch {
    // Not a token of ours: refused below.
  }
  throw new Refusal(400, 'InvalidSkipToken', 'The skip token is not valid for this request.');
}
