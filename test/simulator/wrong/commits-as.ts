import type { FindingCommit, FindingStore } from '../../../domain/audit/ports.ts';
import type { Wrong } from './wrong.ts';

/** Commits findings otherwise than they were judged. @param altered null: it is not committed at all */
export function commitsAs(altered: (commit: FindingCommit) => FindingCommit | null): Wrong {
  const over = (findings: FindingStore): FindingStore => ({
    ...findings,
    commit: (partition, commits) =>
      findings.commit(
        partition,
        commits.flatMap((commit) => altered(commit) ?? []),
      ),
  });
  return { parts: (parts) => ({ ...parts, findings: over(parts.findings) }) };
}
