import type { Evidence, Verdict } from '../model/verdict.ts';
import { foreignTenantGaps } from './foreign-tenant.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { findStorageApp, type StorageApp, type StorageAppSearch } from './storage-app.ts';
import { compareVerdicts, verdict } from './verdicts.ts';

export type StorageAppsFound = Extract<StorageAppSearch, { state: 'found' }>;
/** A candidate that has a service principal, or may have one that was not read. */
export type StorageAppToJudge = StorageApp & {
  readonly principal: Exclude<StorageApp['principal'], { state: 'missing' }>;
};

/** A candidate whose service principal was read. */
export type PrincipalToJudge = StorageApp & {
  readonly principal: Exclude<StorageApp['principal'], { state: 'missing' | 'unread' }>;
};

/**
 * Answers for accounts that app rules are not about, or whose app cannot be looked up, and hands the rest to `judge`:
 * what was found, or null when the lists prove that there is no app.
 */
export function aboutStorageApps(
  rule: AccountRule,
  { account, directory }: Pick<RuleContext, 'account' | 'directory'>,
  judge: (found: StorageAppsFound | null) => Verdict,
): Verdict {
  return aboutKerberosAccount(rule, account, () => {
    const foreign = foreignTenantGaps(account, directory, rule.needs);
    if (foreign.length > 0) {
      return verdict('unknown', rule.severity, 'Belongs to another tenant than the directory that was read', {
        evidence: { tenantId: account.tenantId, directoryTenantId: directory.facts.tenantId },
        gaps: foreign,
      });
    }
    const search = findStorageApp(account, directory);
    if (search.state === 'no-host') {
      return verdict('unknown', rule.severity, 'Shows no file endpoint, so its app cannot be looked up');
    }
    if (search.state === 'unknown') {
      return verdict('unknown', rule.severity, 'No app seen, in lists that were not read whole', { gaps: search.gaps });
    }
    const judged = judge(search.state === 'found' ? search : null);
    return { ...judged, evidence: { host: account.host, ...judged.evidence } };
  });
}

/** Judges every candidate that can have a principal; the worst counts. Not applicable where there is none. */
export function judgeStorageApps(
  rule: AccountRule,
  context: RuleContext,
  judge: (app: StorageAppToJudge) => Verdict,
): Verdict {
  return aboutStorageApps(rule, context, (found) => {
    if (found === null) return verdict('not-applicable', rule.severity, 'Has no app that could be judged');
    const judged = found.candidates.filter(hasPrincipal).map((app) => ({ app, verdict: judge(app) }));
    if (judged.length === 0) {
      const title = 'The application has no service principal that could be judged';
      return sureOf(rule, found, verdict('not-applicable', rule.severity, title));
    }
    return sureOf(rule, found, worstOf(rule, found, judged));
  });
}

/** The same for rules that go by what the principal holds; unknown where it was not read. */
export function judgePrincipals(
  rule: AccountRule,
  context: RuleContext,
  judge: (app: PrincipalToJudge) => Verdict,
): Verdict {
  return judgeStorageApps(rule, context, ({ principal, ...app }) => {
    if (principal.state !== 'unread') return judge({ ...app, principal });
    return verdict('unknown', rule.severity, 'The service principal was not read', { gaps: principal.gaps });
  });
}

/**
 * The verdict, or unknown where a list that was not read whole leaves another app to be the storage app. An app that was
 * seen in the surest list counts; whether it has rivals is for `storage-app-unambiguous` to say.
 */
export function sureOf(rule: AccountRule, found: StorageAppsFound, judged: Verdict): Verdict {
  const gaps = judged.outcome === 'not-applicable' ? found.hiding : found.doubt;
  if (gaps.length === 0) return judged;
  const { evidence, deciders } = judged;
  return verdict('unknown', rule.severity, 'An app was seen, in lists that were not read whole', {
    evidence,
    deciders,
    gaps: [...gaps, ...judged.gaps],
  });
}

/** The ids and names that evidence gives of an app. */
export function appEvidence(app: StorageApp): Evidence {
  return {
    appId: app.appId,
    displayName: app.displayName,
    origin: app.origin,
    servicePrincipalId: 'object' in app.principal ? app.principal.object.id : null,
  };
}

function hasPrincipal(app: StorageApp): app is StorageAppToJudge {
  return app.principal.state !== 'missing';
}

function worstOf(
  rule: AccountRule,
  found: StorageAppsFound,
  judged: readonly { app: StorageApp; verdict: Verdict }[],
): Verdict {
  const evidence: Evidence = {
    foundBy: found.tier,
    confidence: found.confidence,
    apps: judged.map((one) => ({ ...appEvidence(one.app), ...one.verdict.evidence })),
  };
  const verdicts = judged.map((one) => one.verdict).sort(compareVerdicts);
  const [worst] = verdicts;
  if (worst === undefined) throw new RangeError(`Rule ${rule.id} judged no app`);
  const deciding = verdicts.filter((one) => one.outcome === worst.outcome);
  const deciders = deciding.flatMap((one) => one.deciders);
  const gaps = deciding.flatMap((one) => one.gaps);
  return verdict(worst.outcome, worst.severity, worst.title, { evidence, deciders, gaps });
}
