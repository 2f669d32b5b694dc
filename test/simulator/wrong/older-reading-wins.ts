import type { Wrong } from './wrong.ts';

/** Goes by what was read last, whenever that was read: nobody knows of another reading, nor of when a finding's facts are. */
export function olderReadingWins(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      accountReads: {
        ...parts.accountReads,
        announced: () => Promise.resolve(null),
        of: () => Promise.resolve(new Map()),
      },
      findings: {
        ...parts.findings,
        async read(partition, keys) {
          const stored = await parts.findings.read(partition, keys);
          return stored.map((one) => ({ ...one, finding: { ...one.finding, factsReadAt: 0 } }));
        },
      },
    }),
  };
}
