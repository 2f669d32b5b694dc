import type { FindingCommit } from '../../../domain/audit/ports.ts';
import { commitsAs } from './commits-as.ts';
import type { Wrong } from './wrong.ts';

/** Tells of a fault and not whose doing it is. */
export function deciderForgotten(): Wrong {
  return commitsAs(nameless);
}

function nameless(commit: FindingCommit): FindingCommit {
  const { finding, transition } = commit;
  const next = { ...finding, deciders: [] };
  if (transition === null) return { ...commit, finding: next };
  return { ...commit, finding: next, transition: { ...transition, after: { ...transition.after, deciders: [] } } };
}
