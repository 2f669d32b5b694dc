import { commitsAs } from './commits-as.ts';
import type { Wrong } from './wrong.ts';

/** Looks at what a job has mended, and goes on waiting for it whatever it sees. */
export function verificationUnheard(): Wrong {
  return commitsAs((commit) => (commit.transition?.cause.kind === 'verification' ? null : commit));
}
