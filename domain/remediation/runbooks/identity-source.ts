import { matchesAccount } from '../../model/account-match.ts';
import type { RuleContext } from '../../rules/rule.ts';
import { findStorageApp } from '../../rules/storage-app.ts';
import { graphCall, look, signIn } from './calls.ts';
import { identityOf, saveAccount, setIdentity, switchOff, switchOn } from './identity-calls.ts';
import { mount } from './recreate-app.ts';
import { shown } from './shell.ts';
import { aboutAccount, type ManualTask, type RunbookStep } from './task.ts';

/** Another source than the expected one, what a former source left, or an app left alive: each interrupts or deletes. */
export function identitySource(context: RuleContext, why: string): ManualTask {
  const { account, directory, settings } = context;
  const expected = settings.expectedSource.find(({ match }) => matchesAccount(match, account))?.source;
  const differs = expected !== undefined && expected.toLowerCase() !== account.directoryService.toLowerCase();
  const isEntra = account.directoryService === 'AADKERB';
  return {
    runbook: 'identity-source',
    title: `Leave ${shown(account.name)} with one identity source`,
    why,
    about: aboutAccount(account),
    rights: 'Storage Account Contributor on the account; Cloud Application Administrator to delete an app.',
    breaks:
      differs || isEntra
        ? 'All access to the shares with an identity over SMB stops from switching off until all is set up again.'
        : 'Nothing, unless a client still asks for tickets of the app that is deleted.',
    steps: [
      signIn(directory.facts.tenantId, account, ['Application.ReadWrite.All']),
      saveAccount(account),
      ...(differs ? switched(context, expected) : isEntra ? cleaned(context) : withoutApp(context)),
      mount(account.host ?? account.name),
    ],
  };
}

function switched({ account }: RuleContext, source: string): readonly RunbookStep[] {
  const own: RunbookStep = {
    does: `Set up ${shown(source)} as the identity source. For AD DS join the account with the AzFilesHybrid module (Join-AzStorageAccount); for Entra Kerberos and Entra Domain Services it is one call.`,
    commands: source === 'AD' ? [] : setIdentity(account, identityOf(account, source)),
    check: 'The account shows the source, and the share permission as it was saved.',
    back: `Switch it off, then set the former source again: ${setIdentity(account, identityOf(account))[0]?.line ?? ''}`,
  };
  const after: RunbookStep = {
    does: 'For Entra Kerberos: grant consent to the new app, and exclude it from Conditional Access where the old one was.',
    commands: [],
    check: 'An audit of the account shows consent-granted and mfa-excluded passed.',
    back: 'Revoke the consent, and set the lists of each policy as they were.',
  };
  return source === 'None' ? [switchOff(account)] : [switchOff(account), own, ...(source === 'AADKERB' ? [after] : [])];
}

/** Whether switching to none clears the AD DS properties is not documented, so the answer is looked at. */
function cleaned({ account }: RuleContext): readonly RunbookStep[] {
  if (account.smbOAuthEnabled && account.activeDirectory === null) {
    const without = { ...identityOf(account), smbOAuthSettings: { isSmbOAuthEnabled: false } };
    return [
      {
        does: 'Switch SMB OAuth for managed identities off, if nothing mounts with one.',
        commands: setIdentity(account, without),
        check: 'The account shows isSmbOAuthEnabled false, and everything else as it was saved.',
        back: setIdentity(account, identityOf(account))[0]?.line ?? '',
      },
    ];
  }
  return [
    switchOff(account),
    look(
      'Read the account.',
      [],
      'activeDirectoryProperties are gone. If they are not, they stay: they mislead tools and harm no mount.',
    ),
    switchOn(account, 'AADKERB'),
    {
      does: 'The app is a new one: grant it consent, and put its appId in the place of the old one in Conditional Access.',
      commands: [],
      check: 'An audit of the account shows consent-granted and mfa-excluded passed.',
      back: 'There is no way back to the old appId; its application can be restored for 30 days.',
    },
  ];
}

function withoutApp({ account, directory }: RuleContext): readonly RunbookStep[] {
  const search = findStorageApp(account, directory);
  const candidates = search.state === 'found' ? search.candidates : [];
  return candidates.flatMap(({ application, displayName, appId }): RunbookStep[] =>
    application === null
      ? []
      : [
          {
            does: `Delete ${shown(displayName)} (appId ${appId}), if nobody means to go back to Entra Kerberos.`,
            commands: graphCall('DELETE', `/v1.0/applications/${application.id}`),
            check: 'A GET of the same path answers 404.',
            back: `For 30 days: ${graphCall('POST', `/v1.0/directory/deletedItems/${application.id}/restore`)[0]?.line ?? ''}`,
          },
        ],
  );
}
