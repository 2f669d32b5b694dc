import { holdsSmbShares } from '../model/storage-account.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import { foreignTenantGaps } from './foreign-tenant.ts';
import { identitySource } from './identity-source.ts';
import type { Rule, RuleContext } from './rule.ts';
import { findStorageApp, type StorageApp, type StorageAppSearch } from './storage-app.ts';
import { compareVerdicts, verdict } from './verdicts.ts';

export type StorageAppsFound = Extract<StorageAppSearch, { state: 'found' }>;
/** A candidate that has a service principal, or may have one that was not read. */
export type StorageAppToJudge = StorageApp & {
  readonly principal: Exclude<StorageApp['principal'], { state: 'missing' }>;
};

/**
 * Answers for accounts that app rules are not about, or whose app cannot be looked up, and hands the rest to `judge`:
 * what was found, or null when the lists prove that there is no app.
 */
export function aboutStorageApps(
  rule: Rule,
  { account, directory }: RuleContext,
  judge: (found: StorageAppsFound | null) => Verdict,
): Verdict {
  // A kind that is not known may well hold shares: it is judged like one that does, never passed over.
  if (holdsSmbShares(account.kind) === 'no') {
    return verdict('not-applicable', rule.severity, `Accounts of kind ${account.kind} hold no SMB shares`);
  }
  const source = identitySource(account.directoryService);
  if (source === null) {
    return verdict('unknown', rule.severity, `Identity source ${account.directoryService} is not known here`, {
      evidence: { directoryServiceOptions: account.directoryService },
    });
  }
  if (source !== 'AADKERB') {
    return verdict('not-applicable', rule.severity, `Does not use Entra Kerberos (identity source ${source})`);
  }
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
  const about: Evidence = holdsSmbShares(account.kind) === 'unknown' ? { unknownKind: account.kind } : {};
  return { ...judged, evidence: { host: account.host, ...about, ...judged.evidence } };
}

/** Judges every candidate that can have a principal; the worst counts. Not applicable where there is none. */
export function judgeStorageApps(
  rule: Rule,
  context: RuleContext,
  judge: (app: StorageAppToJudge) => Verdict,
): Verdict {
  return aboutStorageApps(rule, context, (found) => {
    if (found === null) return verdict('not-applicable', rule.severity, 'Has no app that could be judged');
    const judged = found.candidates.filter(hasPrincipal).map((app) => ({ app, verdict: judge(app) }));
    if (judged.length === 0) {
      return verdict('not-applicable', rule.severity, 'The application has no service principal that could be judged');
    }
    return worstOf(rule, found, judged);
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
  rule: Rule,
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
  const gaps = [...found.doubt, ...deciding.flatMap((one) => one.gaps)];
  // With a surer list unread the app may be another one; a fail that was seen is still a fail.
  if (found.doubt.length > 0 && worst.outcome !== 'fail') {
    return verdict('unknown', rule.severity, 'An app was seen, in lists that were not read whole', {
      evidence,
      deciders,
      gaps,
    });
  }
  return verdict(worst.outcome, worst.severity, worst.title, { evidence, deciders, gaps });
}
