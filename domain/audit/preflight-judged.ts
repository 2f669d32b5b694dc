import type { TargetApp } from '../conditional-access/application-filter.ts';
import { compilePolicy, effectOn, type CompiledPolicy } from '../conditional-access/compile.ts';
import type { PolicyEffect } from '../conditional-access/effect.ts';
import { preflightWord, preflightWords, type PreflightWord } from '../conditional-access/preflight-word.ts';
import { isId } from '../conditional-access/wire-words.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import type { Settings } from '../model/settings.ts';
import { severities, type Severity } from '../model/verdict.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import type { PreflightApp, PreflightApps } from './preflight-apps.ts';
import { preflightSeverity, type PreflightSeverity } from './preflight-severity.ts';

/** What a policy would do to one app if it were enabled. */
export interface JudgedApp extends PreflightSeverity {
  /** null: an app that stands for any, or for those of accounts that were not seen. */
  readonly account: string | null;
  /** null where the app was not seen. */
  readonly app: PreflightApp | null;
  readonly effect: PolicyEffect;
  readonly word: PreflightWord;
  /** The app was not seen, and what the policy does hangs on which one it is. */
  readonly hangsOnApp: boolean;
}

type Judged = Pick<JudgedApp, 'account' | 'app' | 'effect' | 'hangsOnApp'>;

/** An app that no policy can name, whose security attributes nobody read. */
const ordinaryApp: TargetApp = { appId: '', securityAttributes: null };

/**
 * The policy as if it were enabled, on every app it could reach; the worst first, never empty. Without an estate, and for one
 * without a storage app, that is an ordinary app.
 */
export function judgeApps(
  policy: ConditionalAccessPolicy,
  estate: PreflightApps | null,
  settings: Settings,
): readonly [JudgedApp, ...JudgedApp[]] {
  const compiled = compilePolicy({ ...policy, state: 'enabled' });
  const judged = estate === null ? [] : judgeEstate(compiled, estate);
  const ordinary = { account: null, app: null, effect: effectOn(compiled, ordinaryApp), hangsOnApp: false };
  const weighed = (judged.length === 0 ? [ordinary] : judged).map((one): JudgedApp => ({
    ...one,
    word: preflightWord(one.effect.kind),
    ...preflightSeverity(one.effect, settings),
  }));
  const [worst, ...others] = weighed.sort(worstFirst);
  if (worst === undefined) throw new RangeError('No app was judged');
  return [worst, ...others];
}

/** Names of the accounts, each once, sorted. */
export function accountsOf(judged: readonly JudgedApp[]): readonly string[] {
  return [...new Set(judged.map(({ account }) => account).filter((name) => name !== null))].sort(byCodeUnit);
}

function judgeEstate(
  compiled: CompiledPolicy,
  { apps, unseen, moreAccounts, mayBeUnseen }: PreflightApps,
): readonly Judged[] {
  const seen = apps.map((app) => ({
    account: app.account,
    app,
    effect: effectOn(compiled, app.target),
    hangsOnApp: false,
  }));
  const notSeen = [...unseen, ...(moreAccounts ? [null] : [])];
  const anyOf = (account: string | null) => anyApp(compiled, (appId) => mayBeUnseen(appId, account));
  return [...seen, ...notSeen.map((account) => ({ account, app: null, ...anyOf(account) }))];
}

/** An app that was not seen may be one that the policy names: only where all fare alike it is known how it fares. */
function anyApp(compiled: CompiledPolicy, mayBe: (appId: string) => boolean): Pick<Judged, 'effect' | 'hangsOnApp'> {
  const effect = effectOn(compiled, ordinaryApp);
  const named = [...compiled.excluded, ...compiled.listed].filter((entry) => isId(entry) && mayBe(entry));
  const alike = named.every((appId) => effectOn(compiled, { ...ordinaryApp, appId }).kind === effect.kind);
  return alike ? { effect, hangsOnApp: false } : { effect: { ...effect, kind: 'undecided' }, hangsOnApp: true };
}

function worstFirst(a: JudgedApp, b: JudgedApp): number {
  const rank = (severity: Severity | null) => (severity === null ? severities.length : severities.indexOf(severity));
  return (
    preflightWords.indexOf(a.word) - preflightWords.indexOf(b.word) ||
    rank(a.severity) - rank(b.severity) ||
    byCodeUnit(a.account ?? '', b.account ?? '') ||
    byCodeUnit(a.app?.target.appId ?? '', b.app?.target.appId ?? '')
  );
}
