import type { FindingCommit } from '../../../domain/audit/ports.ts';
import { commitsAs } from './commits-as.ts';
import type { Wrong } from './wrong.ts';

/** Keeps that a fault got worse, and tells neither history nor anybody. */
export function worseWithoutAWord(): Wrong {
  return commitsAs(silenced);
}

function silenced(commit: FindingCommit): FindingCommit {
  const { finding, transition } = commit;
  if (transition?.kind !== 'worse') return commit;
  return { ...commit, finding: { ...finding, transitions: finding.transitions - 1 }, transition: null, effects: [] };
}
