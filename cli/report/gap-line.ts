import type { Gap } from '../../domain/model/collection.ts';

/** A gap in words, for stderr. */
export function gapLine({ collection, scope, reason, needs }: Gap): string {
  return `Could not be read: ${collection} of ${scope} (${reason}${needs === null ? '' : `; needs ${needs}`}).`;
}
