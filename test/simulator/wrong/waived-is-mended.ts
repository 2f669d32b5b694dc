import type { Wrong } from './wrong.ts';

/** Who remediates takes every finding of a job for one that is still to be mended. */
export function waivedIsMended(): Wrong {
  return {
    parts(parts) {
      if (parts.executor === null) return parts;
      return {
        ...parts,
        findings: {
          ...parts.findings,
          async read(partition, keys) {
            const stored = await parts.findings.read(partition, keys);
            return stored.map((one) => ({ ...one, finding: { ...one.finding, state: 'open' } }));
          },
        },
      };
    },
  };
}
