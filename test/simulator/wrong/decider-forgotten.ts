import type { FindingCommit } from '../../../domain/audit/ports.ts';
import type { Wrong } from './wrong.ts';

/** Tells of a fault and not whose doing it is. */
export function deciderForgotten(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      findings: {
        ...parts.findings,
        commit: (partition, commits) => parts.findings.commit(partition, commits.map(nameless)),
      },
    }),
  };
}

function nameless(commit: FindingCommit): FindingCommit {
  const { finding, transition } = commit;
  const next = { ...finding, deciders: [] };
  if (transition === null) return { ...commit, finding: next };
  return { ...commit, finding: next, transition: { ...transition, after: { ...transition.after, deciders: [] } } };
}
