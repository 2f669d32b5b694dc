import { gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import { aboutStorageApps, appEvidence, type StorageAppsFound } from './app-rule.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { storageAppDoubts } from './storage-app-doubts.ts';
import { verdict } from './verdicts.ts';

/** One host, one app: with two, which one Entra uses is chance, and each repair may mend the wrong one. */
export const storageAppUnambiguous: AccountRule = {
  about: 'account',
  id: 'storage-app-unambiguous',
  statement: 'Exactly one app claims the account, and nothing about it hints at an impostor',
  why: 'With two apps for one host nobody can tell which one gets consent, exclusions and passwords right; and an app that somebody made to look like it would be given all three. Nothing is repaired automatically then.',
  severity: 'high',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: null,
  remediation: {
    summary: 'Find out which app the storage provider manages, and delete the other; have a look at an app that is odd',
    action: null,
  },
  thresholds: {},
  evaluate: (context) => judgeClaim(context),
};

/** The verdict by itself: a plan that would write to the app rests on a pass. */
export function judgeClaim(context: Pick<RuleContext, 'account' | 'directory'>): Verdict {
  return aboutStorageApps(storageAppUnambiguous, context, (found) => {
    if (found === null) return verdict('not-applicable', 'high', 'Has no app that could be ambiguous');
    const { candidates, tier, confidence, doubt } = found;
    if (candidates.length === 1) return judgeOnlyApp(found, context);
    const told = {
      evidence: { foundBy: tier, confidence, apps: candidates.map(appEvidence) },
      deciders: candidates.map((app) => app.appId),
    };
    const rivals = `${candidates.length} apps claim this account`;
    if (doubt.length > 0) {
      const title = `${rivals}, yet one that claims it more surely may be in lists that were not read whole`;
      return verdict('unknown', 'high', title, { ...told, gaps: doubt });
    }
    return verdict('fail', 'high', `${rivals}: which one Entra uses is chance`, told);
  });
}

function judgeOnlyApp(
  { candidates, tier, confidence, hiding }: StorageAppsFound,
  { account, directory }: Pick<RuleContext, 'account' | 'directory'>,
): Verdict {
  const [app] = candidates;
  if (app === undefined) throw new RangeError('A search that found an app names none');
  const seen = { foundBy: tier, confidence, apps: [appEvidence(app)] };
  const { found: doubts, notRead } = storageAppDoubts(app, tier, account, directory.facts.tenantId);
  const told = {
    evidence: {
      ...seen,
      doubts: doubts
        .map(({ reason, evidence }) => ({ reason, ...evidence }))
        .sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      notRead,
    },
    deciders: [app.appId],
  };
  if (hiding.length > 0) {
    return verdict('unknown', 'high', 'One app seen, in lists that were not read whole', { ...told, gaps: hiding });
  }
  if (app.principal.state === 'missing') {
    return verdict('not-applicable', 'high', 'The application has no service principal', { evidence: seen });
  }
  const [gravest] = doubts;
  if (gravest !== undefined) {
    const title = `The app ‹${app.displayName}› ${gravest.says}: it may be an impostor, so nothing is repaired automatically`;
    return verdict('warn', 'medium', title, told);
  }
  // The app's names are those expected; what the application itself would show was not seen.
  const unread = app.application === null ? gapsOf(directory.facts.applications) : [];
  if (unread.length > 0) {
    return verdict('unknown', 'high', 'One app claims this account; its application was not read', {
      ...told,
      gaps: unread,
    });
  }
  return verdict('pass', 'high', 'One app claims this account, and nothing about it is odd', told);
}
