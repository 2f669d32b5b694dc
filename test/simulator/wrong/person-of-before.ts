import type { Actor } from '../../../domain/findings/finding.ts';
import { commitsAs } from './commits-as.ts';
import type { Wrong } from './wrong.ts';

/** Names for what a person did whoever did something first. */
export function personOfBefore(): Wrong {
  let first: Actor | null = null;
  const named = (actor: Actor): Actor => (first ??= actor);
  return commitsAs((commit) => {
    const { transition } = commit;
    if (transition?.cause.kind !== 'person') return commit;
    const cause = { ...transition.cause, actor: named(transition.cause.actor) };
    return { ...commit, transition: { ...transition, cause } };
  });
}
