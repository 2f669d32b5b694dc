import type { Actor } from '../../domain/findings/finding.ts';

/** Who did something, as far as it is kept: `user 5f0c8a52-…`. */
export function actorText({ kind, objectId }: Actor): string {
  return objectId === null ? kind : `${kind} ${objectId}`;
}
