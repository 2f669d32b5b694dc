import { describe, expect, it } from 'vitest';

import { runChaos } from './run-chaos.ts';
import type { Kill } from './kills.ts';

/** A job that its killed host had claimed is another's after ten minutes; that is rare, and waited for. */
const timeout = 900_000;

describe('Kerbwatch on real parts', () => {
  it('ends where a calm run ends, though its functions, its store and its broker are killed', { timeout }, async () => {
    const kills: Kill[] = [];
    const { checks, findings } = await runChaos({
      kills: 5,
      seed: 20_261,
      onKill: (kill) => kills.push(kill),
      say: () => undefined,
    });

    expect(kills.map(({ victim }) => victim)).toEqual(['host', 'host', 'host', 'store', 'broker']);
    expect(checks.filter(({ violations }) => violations.length > 0)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    expect(findings).toBeGreaterThan(0);
  });
});
