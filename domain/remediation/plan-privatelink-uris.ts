import { privateLinkDemand } from '../rules/private-link-demand.ts';
import type { RuleContext } from '../rules/rule.ts';
import { namesMissing, privateLinkHost, ticketNames } from '../rules/storage-app-names.ts';
import { planApplicationList } from './plan-application-list.ts';
import { none, type Planned } from './planned.ts';
import { soundApp } from './sound-app.ts';

/**
 * Adds to the application those of the six privatelink names that it lacks, where an approved private endpoint leads to
 * the file shares (domain facts 5). Entra compares names without case and refuses a second spelling, so a name that is
 * there in any case is not added.
 */
export function planPrivateLinkUris(context: Pick<RuleContext, 'account' | 'directory' | 'resources'>): Planned {
  const { account, directory, resources } = context;
  const demand = privateLinkDemand(account, resources);
  if (demand.state === 'none') return none('No private endpoint leads to the file shares');
  if (demand.state === 'undecided')
    return none('Whether a private endpoint leads to the file shares could not be told');
  const app = soundApp(context);
  if (app.kind !== 'sound') return app;
  const names = ticketNames(privateLinkHost(account.host ?? ''), directory.facts.tenantId);
  if (names.length === 0) return none('What the account is called behind a private endpoint is not known here');
  const missing = namesMissing(names, app.application.identifierUris);
  if (missing.length === 0) {
    return none(
      'The application carries all privatelink names; its service principal has them once Entra has replicated',
    );
  }
  const added = missing.map(({ name }) => name);
  return planApplicationList(app, account, { action: 'add-privatelink-uris', member: 'identifierUris', added });
}
