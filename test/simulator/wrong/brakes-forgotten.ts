import { noBrakes } from '../../../domain/remediation/brakes.ts';
import type { Wrong } from './wrong.ts';

/** Reads the brakes, and takes each for off; what it writes there is lost. */
export function brakesForgotten(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      brakes: {
        read: async () => ({ ...(await parts.brakes.read()), state: noBrakes }),
        replace: () => Promise.resolve(true),
      },
    }),
  };
}
