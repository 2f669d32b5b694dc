import type { FindingCommit } from '../../../domain/audit/ports.ts';
import type { FaultStanding } from '../../../domain/findings/finding.ts';
import { commitsAs } from './commits-as.ts';
import type { Wrong } from './wrong.ts';

/** Keeps of each finding the severity that its first fault had. */
export function severityOfThen(): Wrong {
  const first = new Map<string, FaultStanding['severity']>();

  function dulled(commit: FindingCommit): FindingCommit {
    const { finding, transition } = commit;
    const severity = first.get(finding.id) ?? finding.severity;
    first.set(finding.id, severity);
    if (transition === null) return { ...commit, finding: { ...finding, severity } };
    return {
      ...commit,
      finding: { ...finding, severity },
      transition: { ...transition, after: { ...transition.after, severity } },
    };
  }

  return commitsAs(dulled);
}
