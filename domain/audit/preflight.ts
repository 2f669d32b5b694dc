import { wordAsItStands, type PreflightWord } from '../conditional-access/preflight-word.ts';
import type { Gap } from '../model/collection.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Settings } from '../model/settings.ts';
import type { Severity } from '../model/verdict.ts';
import { distinctGaps } from '../model/distinct-gaps.ts';
import type { PreflightApps } from './preflight-apps.ts';
import { accountsOf, judgeApps, type JudgedApp } from './preflight-judged.ts';
import { preflightReasons } from './preflight-reasons.ts';

/** What one policy would do to storage apps (contracts, Preflight JSON). */
export interface Forecast {
  readonly effectIfEnabled: PreflightWord;
  readonly effect: PreflightWord | 'latent';
  /** By `effectIfEnabled`; null for none, and where settings switch the rule off. */
  readonly severity: Severity | null;
  readonly reasons: readonly string[];
  /** Names of the accounts it affects, or may affect; sorted. Empty without an estate. */
  readonly accounts: readonly string[];
  /** What would decide more of this policy if it had been read; those of the estate are its own. */
  readonly gaps: readonly Gap[];
}

/**
 * What a policy would do if it were enabled, and what it does as it stands. Its state decides only the latter: a file in a
 * repository is there to be enabled one day.
 *
 * @param estate the storage apps it could reach; null judges an ordinary one that the policy names nowhere
 */
export function forecast(policy: ConditionalAccessPolicy, estate: PreflightApps | null, settings: Settings): Forecast {
  const judged = judgeApps(policy, estate, settings);
  const [{ word, severity }] = judged;
  const affected = judged.filter((one) => one.word !== 'none');
  return {
    effectIfEnabled: word,
    effect: wordAsItStands(policy.state, word),
    severity,
    reasons: preflightReasons(policy, judged, estate),
    accounts: accountsOf(affected),
    gaps: estate === null ? [] : distinctGaps(affected.flatMap(attributeGaps)),
  };
}

/** What a permission would mend: the security attributes that an application filter looks at belong to the principal. */
function attributeGaps({ effect: { needs }, app }: JudgedApp): readonly Gap[] {
  if (needs === null || app === null) return [];
  return [{ collection: 'service-principals', scope: 'tenant', reason: 'not-read', needs }];
}
