import type { FindingCommit } from '../../../domain/audit/ports.ts';
import type { Wrong } from './wrong.ts';

/** Keeps that a fault got worse, and tells neither history nor anybody. */
export function worseWithoutAWord(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      findings: {
        ...parts.findings,
        commit: (partition, commits) => parts.findings.commit(partition, commits.map(silenced)),
      },
    }),
  };
}

function silenced(commit: FindingCommit): FindingCommit {
  const { finding, transition } = commit;
  if (transition?.kind !== 'worse') return commit;
  return { ...commit, finding: { ...finding, transitions: finding.transitions - 1 }, transition: null, effects: [] };
}
