import { findStorageApp } from '../../rules/storage-app.ts';
import type { AppContext } from '../app-context.ts';
import { graphCall, look, signIn } from './calls.ts';
import { mount } from './recreate-app.ts';
import { shown } from './shell.ts';
import { aboutAccount, type ManualTask } from './task.ts';

/** Several apps claim the account, or the one that does may be somebody's: a person finds out which is the provider's. */
export function ambiguousApp({ account, directory }: AppContext, why: string): ManualTask {
  const search = findStorageApp(account, directory);
  const candidates = search.state === 'found' ? search.candidates : [];
  const expected = `[Storage Account] ${account.host ?? account.name}`;
  return {
    runbook: 'ambiguous-app',
    title: `Find the app that the storage provider manages for ${shown(account.name)}`,
    why,
    about: aboutAccount(account),
    rights: 'Cloud Application Administrator, and Reports Reader for the audit log.',
    breaks:
      'Deleting the app that Entra uses stops access to the shares until it is restored; taking names off it does as well.',
    steps: [
      signIn(directory.facts.tenantId, account, ['Application.ReadWrite.All', 'AuditLog.Read.All']),
      ...candidates.flatMap(({ application, displayName, appId }) =>
        application === null
          ? []
          : [
              look(
                `Look at ${shown(displayName)} (appId ${appId}): its owners, its credentials, its redirect URIs, its names, and when it was made.`,
                graphCall('GET', `/v1.0/applications/${application.id}?$expand=owners($select=id)`),
                `The provider's app is called ${shown(expected)}, holds the names HOST/, CIFS/ and HTTP/ of the host, has no owner, no password, no certificate and no redirect URI, and is younger than the account.`,
              ),
            ],
      ),
      look(
        'Ask who made each ("Add application" in the Entra audit log). Grant no consent and no exclusion before that is known.',
        graphCall('GET', "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName%20eq%20'Add%20application'"),
        'The one of the account is expected to be made by the Storage Resource Provider; records are kept for 30 days at most, and say nothing of an older app. If one was made by somebody who should not have, that is an incident: keep it, disable its service principal, and report it.',
      ),
      ...candidates.flatMap(({ application, displayName, appId }) =>
        application === null
          ? []
          : [
              {
                does: `Only if ${shown(displayName)} (appId ${appId}) is not the provider's and nothing else uses it: delete it.`,
                commands: graphCall('DELETE', `/v1.0/applications/${application.id}`),
                check:
                  'The other app is still there, and an audit of the account shows storage-app-unambiguous passed.',
                back: `For 30 days: ${graphCall('POST', `/v1.0/directory/deletedItems/${application.id}/restore`)[0]?.line ?? ''}`,
              },
            ],
      ),
      mount(account.host ?? account.name),
    ],
  };
}
