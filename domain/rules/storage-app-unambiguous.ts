import { aboutStorageApps, appEvidence } from './app-rule.ts';
import type { Rule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** One host, one app: with two, which one Entra uses is chance, and each repair may mend the wrong one. */
export const storageAppUnambiguous: Rule = {
  id: 'storage-app-unambiguous',
  statement: 'Exactly one app claims the account',
  why: 'With two apps for one host nobody can tell which one gets consent, exclusions and passwords right; nothing is repaired automatically.',
  severity: 'high',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  symptom: null,
  remediation: { summary: 'Find out which app the storage provider manages, and delete the other', action: null },
  thresholds: {},
  evaluate: (context) =>
    aboutStorageApps(storageAppUnambiguous, context, (found) => {
      if (found === null) return verdict('not-applicable', 'high', 'Has no app that could be ambiguous');
      const { candidates, tier, confidence, hiding } = found;
      const evidence = { foundBy: tier, confidence, apps: candidates.map(appEvidence) };
      const deciders = candidates.map((app) => app.appId);
      if (candidates.length > 1) {
        return verdict('fail', 'high', `${candidates.length} apps claim this account`, { evidence, deciders });
      }
      if (candidates.every((app) => app.principal.state === 'missing')) {
        return verdict('not-applicable', 'high', 'The application has no service principal', { evidence });
      }
      if (hiding.length > 0) {
        return verdict('unknown', 'high', 'One app seen, in lists that were not read whole', {
          evidence,
          deciders,
          gaps: hiding,
        });
      }
      return verdict('pass', 'high', 'One app claims this account', { evidence, deciders });
    }),
};
