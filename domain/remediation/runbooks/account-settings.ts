import type { StorageAccount } from '../../model/storage-account.ts';
import type { RuleContext } from '../../rules/rule.ts';
import { armCall, look, signIn } from './calls.ts';
import { identityOf, saveAccount, setIdentity, switchOff } from './identity-calls.ts';
import { mount } from './recreate-app.ts';
import { bash, powerShell, shown } from './shell.ts';
import { aboutAccount, type ManualTask, type RunbookStep } from './task.ts';

const contributor = 'Storage Account Contributor on the account.';

type Parts = Pick<ManualTask, 'runbook' | 'title' | 'rights' | 'breaks'> & { readonly steps: readonly RunbookStep[] };

function taskOf({ account, directory }: RuleContext, why: string, { steps, ...parts }: Parts): ManualTask {
  const begin = [signIn(directory.facts.tenantId, account, []), saveAccount(account)];
  return { ...parts, why, about: aboutAccount(account), steps: [...begin, ...steps] };
}

/** Which domain it is, no list that is read tells. */
export function domainProperties(context: RuleContext, why: string): ManualTask {
  const { account } = context;
  const { domainName = null, domainGuid = null } = account.activeDirectory ?? {};
  return taskOf(context, why, {
    runbook: 'domain-properties',
    title: `Set domain name and domain GUID of ${shown(account.name)} together, or neither`,
    rights: contributor,
    breaks: 'Nothing: only access control lists in File Explorer rest on them.',
    steps: [
      look(
        'On a client of the domain, find both.',
        [powerShell`Get-ADDomain | Select-Object DNSRoot, ObjectGUID`],
        `They belong to what the account has: domainName ${domainName === null ? 'none' : shown(domainName)}, domainGuid ${domainGuid === null ? 'none' : shown(domainGuid)}.`,
      ),
      {
        does: 'Storage account → Data storage → File shares → Identity-based access → Microsoft Entra Kerberos: fill in both as found, or clear both; then save.',
        commands: [],
        check:
          'A GET of the account shows both or neither, and defaultSharePermission and smbOAuthSettings as they were saved.',
        back: setIdentity(account, identityOf(account))[0]?.line ?? '',
      },
    ],
  });
}

/** The kind of an account cannot be changed back, and shares are not moved by a call. */
export function accountKind(context: RuleContext, why: string): ManualTask {
  const { account } = context;
  return taskOf(context, why, {
    runbook: 'account-kind',
    title: `Move the shares of ${shown(account.name)} to an account that holds SMB shares`,
    rights: `${contributor} Contributor on the resource group for the new account.`,
    breaks: 'Clients have to mount from the new account; an identity source that is cleared stops whoever used it.',
    steps: [
      {
        does: 'Create a StorageV2 or FileStorage account with the shares, and set up Entra Kerberos, consent and exclusions there.',
        commands: [],
        check: 'An audit of the new account has no finding.',
        back: 'Delete the new account while nothing is on it.',
      },
      look(
        'Copy what there is (AzCopy or Storage Mover), and mount from the new account.',
        [],
        'The files are there with their permissions.',
      ),
      switchOff(account),
    ],
  });
}

/** Who is to read and write which share, nobody but its owner can say. */
export function sharePermission(context: RuleContext, why: string): ManualTask {
  const { account } = context;
  const scope = `${account.id}/fileServices/default/fileshares`;
  const role = 'Storage File Data SMB Share Contributor';
  return taskOf(context, why, {
    runbook: 'share-permission',
    title: `Give those who mount shares of ${shown(account.name)} a share permission`,
    rights: 'Owner, User Access Administrator or Role Based Access Control Administrator on the account.',
    breaks: 'Nothing: a permission only adds. It takes up to 30 minutes and a new connection.',
    steps: [
      look(
        'List the shares, and find out from their owners which groups use them.',
        armCall('GET', `${account.id}/fileServices/default/shares`),
        'For each share there is a group of hybrid users.',
      ),
      {
        does: 'For each share, with its name and the object id of its group in the place of SHARE and GROUP: assign the role.',
        commands: [
          bash`SCOPE=${scope}; az role assignment create --role ${role} --assignee-object-id "$GROUP" --assignee-principal-type Group --scope "$SCOPE/$SHARE"`,
          powerShell`$scope = ${scope}; New-AzRoleAssignment -ObjectId $group -RoleDefinitionName ${role} -Scope "$scope/$share"`,
        ],
        check: 'An audit of the account shows share-permission-assigned passed.',
        back: 'az role assignment delete --ids with the id that the answer showed.',
      },
      {
        does: 'Or, only where everybody may write every share, for instance for cloud-only users: set the default permission.',
        commands: setIdentity(account, {
          ...identityOf(account),
          defaultSharePermission: 'StorageFileDataSmbShareContributor',
        }),
        check: 'The account shows it, and everything else as it was saved.',
        back:
          setIdentity(account, {
            ...identityOf(account),
            defaultSharePermission: account.defaultSharePermission ?? 'None',
          })[0]?.line ?? '',
      },
      mount(account.host ?? account.name),
    ],
  });
}

/** Administrators lose what they use to set access control lists, so they are asked first. */
export function lowerSharePermission(context: RuleContext, why: string): ManualTask {
  const { account } = context;
  return taskOf(context, why, {
    runbook: 'lower-share-permission',
    title: `Lower the default share permission of ${shown(account.name)}`,
    rights: contributor,
    breaks: 'Whoever sets access control lists over SMB by the default permission can no longer.',
    steps: [
      {
        does: 'Give those who set access control lists the role Storage File Data SMB Share Elevated Contributor on the account, or on a share.',
        commands: [],
        check: 'One of them can change a list after 30 minutes, with a new connection.',
        back: 'Delete the role assignments.',
      },
      {
        does: 'Lower the default permission.',
        commands: setIdentity(account, {
          ...identityOf(account),
          defaultSharePermission: 'StorageFileDataSmbShareContributor',
        }),
        check: 'The account shows it, and everything else as it was saved.',
        back: setIdentity(account, identityOf(account))[0]?.line ?? '',
      },
    ],
  });
}

/** What mounts with the account's key stops, and only the metrics tell what does. */
export function refuseSharedKey(context: RuleContext, why: string): ManualTask {
  const { account } = context;
  return taskOf(context, why, {
    runbook: 'refuse-shared-key',
    title: `Let ${shown(account.name)} be used with an identity only`,
    rights: contributor,
    breaks:
      'Whatever uses the key of the account, or SAS tokens signed with it, stops; changed SMB settings end open connections.',
    steps: [
      look(
        'Look what uses the key: Storage account → Metrics → Transactions, split by Authentication, over 30 days.',
        metrics(account),
        'AccountKey and SAS are not used any more.',
      ),
      {
        does: 'Refuse the key.',
        commands: armCall('PATCH', account.id, { properties: { allowSharedKeyAccess: false } }),
        check: 'The account shows allowSharedKeyAccess false.',
        back:
          armCall('PATCH', account.id, { properties: { allowSharedKeyAccess: account.sharedKeyAllowed } })[0]?.line ??
          '',
      },
      {
        does: 'Storage account → Data storage → File shares → File share settings → Security → Custom: clear NTLMv2, keep everything else.',
        commands: [],
        check:
          'A GET of the file service shows authenticationMethods Kerberos; cors and shareDeleteRetentionPolicy are as they were.',
        back: 'Select NTLMv2 again in the same place.',
      },
      mount(account.host ?? account.name),
    ],
  });
}

function metrics({ id }: StorageAccount) {
  return [
    bash`az monitor metrics list --resource ${`${id}/fileServices/default`} --metric Transactions --dimension Authentication --interval P1D --offset 30d`,
  ];
}
