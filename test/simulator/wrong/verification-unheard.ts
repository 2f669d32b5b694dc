import type { Wrong } from './wrong.ts';

/** Looks at what a job has mended, and goes on waiting for it whatever it sees. */
export function verificationUnheard(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      findings: {
        ...parts.findings,
        commit: (partition, commits) =>
          parts.findings.commit(
            partition,
            commits.filter(({ transition }) => transition?.cause.kind !== 'verification'),
          ),
      },
    }),
  };
}
