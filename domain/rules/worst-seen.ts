import { gapsOf, itemsOf, type Collection } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import type { TenantRule } from './rule.ts';
import { byCodeUnit, compareVerdicts, verdict } from './verdicts.ts';

/**
 * Judges a setting that the tenant has once: the worst that is said of what was read. Nothing read, known or not, is
 * unknown; beside a gap only a fail stands, since what was not read may be worse.
 */
export function worstSeen<T>(
  { severity }: TenantRule,
  collection: Collection<T>,
  what: string,
  judge: (item: T) => Verdict,
): Verdict {
  const gaps = gapsOf(collection);
  const [worst] = itemsOf(collection).map(judge).sort(compareSeen);
  if (worst === undefined) {
    const title = collection.state === 'known' ? `No ${what} was in what was read` : `The ${what} was not read`;
    return verdict('unknown', severity, title, { gaps });
  }
  if (gaps.length === 0 || worst.outcome === 'fail') return worst;
  const { evidence, deciders } = worst;
  return verdict('unknown', severity, `The ${what} was not read whole`, { evidence, deciders, gaps });
}

function compareSeen(a: Verdict, b: Verdict): number {
  return compareVerdicts(a, b) || byCodeUnit(JSON.stringify(a), JSON.stringify(b));
}
