import { matchesAccount } from '../model/account-match.ts';
import { gapsOf } from '../model/collection.ts';
import type { Verdict } from '../model/verdict.ts';
import { judgePrincipals, type PrincipalToJudge } from './app-rule.ts';
import type { Directory } from './directory.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** Tells Entra to put the SIDs of cloud groups into tickets (domain facts 2.1); compared exactly. */
export const groupTag = 'kdc_enable_cloud_group_sids';

/** Whether cloud-only users use an account cannot be read anywhere: settings declare it (`cloudOnlyUsers`). */
export const cloudOnlyGroupTag: AccountRule = {
  about: 'account',
  id: 'cloud-only-group-tag',
  statement: `Where cloud-only users are declared, the application carries the tag ${groupTag}`,
  why: 'Without the tag, tickets of cloud-only users name none of their groups, so that permissions given to groups do not count.',
  severity: 'high',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: 'System error 5 (access denied) for cloud-only users',
  remediation: { summary: 'Add the tag to the application', action: 'add-cloud-group-tag' },
  thresholds: {},
  evaluate: (context) => {
    const { account, directory, settings } = context;
    if (!settings.cloudOnlyUsers.some((match) => matchesAccount(match, account))) {
      return verdict('not-applicable', cloudOnlyGroupTag.severity, 'Settings declare no cloud-only users for it');
    }
    return judgePrincipals(cloudOnlyGroupTag, context, (app) => judge(app, directory));
  },
};

function judge(app: PrincipalToJudge, directory: Directory): Verdict {
  const { severity } = cloudOnlyGroupTag;
  const told = {
    evidence: {
      tags: app.application?.tags.toSorted() ?? null,
      // A tag on the principal does nothing; it is told since it looks as if all were done.
      tagOnPrincipal: app.principal.object.tags.includes(groupTag),
      readFrom: 'applications',
    },
    deciders: [app.appId],
  };
  if (app.application?.tags.includes(groupTag) === true) {
    return verdict('pass', severity, 'The application carries the tag for cloud groups', told);
  }
  const gaps = gapsOf(directory.facts.applications);
  if (app.application === null && gaps.length > 0) {
    return verdict('unknown', severity, 'The application that carries the tag was not seen', { ...told, gaps });
  }
  const title = `Application ‹${app.displayName}› lacks the tag ${groupTag}: tickets of cloud-only users name no groups`;
  return verdict('fail', severity, title, told);
}
