import type { ConditionalAccessPolicy } from '../../model/conditional-access-policy.ts';
import type { StorageAccount } from '../../model/storage-account.ts';
import type { Directory } from '../../rules/directory.ts';
import { findStorageApp } from '../../rules/storage-app.ts';
import { graphCall, look, signIn } from './calls.ts';
import { shown } from './shell.ts';
import { aboutSubject, type ManualTask } from './task.ts';

/** An excluded app is gone, and whose it was cannot be told: a person finds out which app is to take its place. */
export function danglingExclusion(
  { id, displayName }: ConditionalAccessPolicy,
  appId: string,
  candidates: readonly StorageAccount[],
  why: string,
  directory: Directory,
): ManualTask {
  const policyId = id ?? '';
  const path = `/v1.0/identity/conditionalAccess/policies/${policyId}`;
  const present = candidates.slice(0, 20).map((account) => {
    const search = findStorageApp(account, directory);
    const appIds = search.state === 'found' ? search.candidates.map((app) => app.appId).join(', ') : 'none';
    return `${shown(account.name)} (app ${appIds})`;
  });
  const more = candidates.length > 20 ? `, and ${String(candidates.length - 20)} more` : '';
  return {
    runbook: 'dangling-exclusion',
    title: `Find out whose app ${appId} was, which policy ${shown(displayName)} still excludes`,
    why,
    about: aboutSubject(`${policyId}:${appId}`),
    rights: 'Conditional Access Administrator, and Reports Reader for the audit log.',
    breaks: 'Nothing: the old exclusion spares nothing.',
    steps: [
      signIn(directory.facts.tenantId, null, ['Policy.Read.All', 'AuditLog.Read.All', 'Application.Read.All']),
      look(
        'Look for the app among those deleted in the last 30 days.',
        graphCall(
          'GET',
          `/v1.0/directory/deletedItems/microsoft.graph.application?$filter=appId%20eq%20'${appId}'&$count=true`,
        ),
        `Its name tells the account. The candidates are: ${present.join(', ')}${more}.`,
      ),
      look(
        'Otherwise look for it in the audit log ("Delete application", "Delete service principal").',
        graphCall('GET', "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName%20eq%20'Delete%20application'"),
        'One account is certain. If none is, leave the exclusion, or take it off and exclude each account by its own finding.',
      ),
      look('Save the policy.', graphCall('GET', path), `excludeApplications holds ${appId}.`),
      {
        does: `Entra admin center → Conditional Access → Policies → ${shown(displayName)} → Target resources → Exclude: select the present app of that account, and take ${appId} off.`,
        commands: [],
        check: 'An audit of the account shows no finding that names the policy.',
        back: 'Select in the same place what was saved, and save.',
      },
    ],
  };
}
