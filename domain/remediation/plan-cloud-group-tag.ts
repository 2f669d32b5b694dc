import { matchesAccount } from '../model/account-match.ts';
import { groupTag } from '../rules/cloud-only-group-tag.ts';
import type { RuleContext } from '../rules/rule.ts';
import { planApplicationList } from './plan-application-list.ts';
import { none, type Planned } from './planned.ts';
import { soundApp } from './sound-app.ts';

/** Adds the tag for cloud groups to the application, for accounts that settings declare so (domain facts 5). */
export function planCloudGroupTag(context: Pick<RuleContext, 'account' | 'directory' | 'settings'>): Planned {
  const { account, settings } = context;
  if (!settings.cloudOnlyUsers.some((match) => matchesAccount(match, account))) {
    return none('Settings declare no cloud-only users for the account');
  }
  const app = soundApp(context);
  if (app.kind !== 'sound') return app;
  if (app.application.tags.includes(groupTag)) return none('The application carries the tag');
  return planApplicationList(app, account, { action: 'add-cloud-group-tag', member: 'tags', added: [groupTag] });
}
