import { findStorageApp } from '../../rules/storage-app.ts';
import type { AppContext } from '../app-context.ts';
import { graphCall, look, signIn } from './calls.ts';
import { saveAccount, switchOff, switchOn } from './identity-calls.ts';
import { bash, powerShell, shown } from './shell.ts';
import { aboutAccount, type ManualTask, nothingToTakeBack, type RunbookStep } from './task.ts';

const scopes = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Policy.Read.All',
  'Policy.ReadWrite.ConditionalAccess',
];

/**
 * Switches Entra Kerberos off and on, which makes a new app: the one way to a new password of an app that the storage
 * provider manages, to an app that is gone, and out of the manual preview, whose password Microsoft Graph cannot set.
 */
export function recreateApp(context: AppContext, why: string): ManualTask {
  const { account, directory } = context;
  const { tenantId } = directory.facts;
  return {
    runbook: 'recreate-app',
    title: `Make a new storage app for ${shown(account.name)}`,
    why,
    about: aboutAccount(account),
    rights:
      'Storage Account Contributor on the account, Cloud Application Administrator and Conditional Access Administrator in Entra.',
    breaks:
      'All access to the shares with an identity over SMB stops from switching off until consent and exclusions are done again.',
    steps: [
      signIn(tenantId, account, scopes),
      saveAccount(account),
      ...policyStep(context),
      switchOff(account),
      ...deleteSteps(context),
      switchOn(account, 'AADKERB'),
      lookForApp(context),
      {
        does: 'Grant admin consent for openid, profile and User.Read to the new app, or let the action grant-consent do it.',
        commands: [],
        check: 'Entra admin center → App registrations → the new app → API permissions: three permissions, granted.',
        back: 'Revoke the admin consent in the same place.',
      },
      {
        does: 'Put the new appId in the place of the old one in every policy that was noted, add the privatelink names and the tag for cloud groups where the old app had them.',
        commands: [],
        check:
          'An audit of the account shows no finding of private-link-spn, cloud-only-group-tag, mfa-excluded and conditional-access-not-blocking.',
        back: 'Set the lists of each policy as they were noted.',
      },
      mount(account.host ?? account.name),
    ],
  };
}

/** Proves by a ticket and a mount that all is well. */
export function mount(host: string): RunbookStep {
  return {
    does: 'On a client, as one of the users: get a ticket, then mount a share.',
    commands: [powerShell`klist purge; klist get ${`cifs/${host}`}`],
    check: 'klist shows a ticket for the host, and a share mounts without a prompt.',
    back: nothingToTakeBack,
  };
}

function policyStep({ account, directory }: AppContext): readonly RunbookStep[] {
  const search = findStorageApp(account, directory);
  const appIds = search.state === 'found' ? search.candidates.map(({ appId }) => appId) : [];
  const excluding = directory.policies.filter(({ applications }) =>
    applications.exclude.some((entry) => appIds.includes(entry.toLowerCase())),
  );
  if (excluding.length === 0) return [];
  const names = excluding.map(({ id, displayName }) => `${shown(displayName)} (${id ?? 'no id'})`).join(', ');
  return [
    look(
      `Note the policies that exclude the old app ${appIds.join(', ')}.`,
      graphCall('GET', '/v1.0/identity/conditionalAccess/policies'),
      `They are: ${names}.`,
    ),
  ];
}

/** An app of the manual preview keeps the name, and a new one cannot be made beside it (domain facts 2.3). */
function deleteSteps({ account, directory }: AppContext): readonly RunbookStep[] {
  const search = findStorageApp(account, directory);
  const applications =
    search.state === 'found' ? search.candidates.flatMap(({ application }) => application ?? []) : [];
  return applications.map(({ id, appId, displayName }) => ({
    does: `Delete the old application ${shown(displayName)} (appId ${appId}), if it is still there.`,
    commands: graphCall('DELETE', `/v1.0/applications/${id}`),
    check: 'A GET of the same path answers 404.',
    back: `For 30 days: ${graphCall('POST', `/v1.0/directory/deletedItems/${id}/restore`)[0]?.line ?? ''}`,
  }));
}

function lookForApp({ account }: AppContext): RunbookStep {
  const name = `[Storage Account] ${account.host ?? account.name}`;
  return look(
    'Wait a minute or two, until the storage provider has made the app, and note its appId.',
    [
      bash`az ad app list --display-name ${name} --query ${'[].{appId:appId,uris:identifierUris}'}`,
      powerShell`Get-MgApplication -Filter ${`displayName eq '${name.replaceAll("'", "''")}'`}`,
    ],
    'One app, with six names of the host. "BadRequest" when switching on: an old application has the name, or an app management policy forbids passwords on service principals.',
  );
}
