import type { RulePage } from './page.ts';

export const cloudOnlyGroupTagPage: RulePage = {
  rule: 'cloud-only-group-tag',
  why: 'Whether people without an on-premises identity use an account cannot be read from the cloud, so settings say it: `cloudOnlyUsers`, a list of matches by name, resource group, subscription or tag. Support for such users is newer than that for hybrid ones, and parts of it are in preview.',
  affected:
    'Cloud-only users of the account, whose rights on shares, directories and files come from groups. Hybrid users are not affected.',
  reading:
    'The `tags` of the **application**, compared exactly. The same tag on the service principal does nothing; the evidence says where only that one has it.',
  outcomes: [
    { when: 'the application carries `kdc_enable_cloud_group_sids`', outcome: 'pass', severity: null },
    { when: 'it does not, or there is no application that could', outcome: 'fail', severity: 'high' },
    { when: 'settings declare no cloud-only users for the account', outcome: 'not-applicable', severity: null },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown: 'The application was not seen in a list that was not read, or not whole: `Application.Read.All` mends it.',
  fix: {
    before:
      'It takes a Cloud Application Administrator or an Application Administrator. Tickets grow with the tag: a user in more than 1,010 groups gets none. Cloud-only users also need Windows 11 or Windows Server 2025, and a default share-level permission on the account.',
    portal:
      'Entra admin center → App registrations → All applications → `[Storage Account] HOST` → Manifest → `"tags": ["kdc_enable_cloud_group_sids"]`, beside those that are there → Save.',
    azureCli:
      '`az ad app show --id APP_ID --query "{id:id,tags:tags}"`, then `az rest --method PATCH --url https://graph.microsoft.com/v1.0/applications/OBJECT_ID --body \'{"tags":[ALL_AS_READ,"kdc_enable_cloud_group_sids"]}\'`',
    powerShell:
      "`$app = Get-MgApplication -Filter \"appId eq 'APP_ID'\"`, then `Update-MgApplication -ApplicationId $app.Id -Tags ($app.Tags + 'kdc_enable_cloud_group_sids')`",
    graph:
      '`PATCH /v1.0/applications/{object id}` with `{ "tags": [all as read, "kdc_enable_cloud_group_sids"] }`: **the list is replaced**.',
    after:
      'On a client of a cloud-only user: `klist purge`, then mount a share and open a folder that a group may open.',
  },
  undo: 'PATCH `tags` with the list as it was read.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos for hybrid and cloud-only identities',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    { title: 'Microsoft Entra Kerberos', url: 'https://learn.microsoft.com/entra/identity/authentication/kerberos' },
    { title: 'Graph: update application', url: 'https://learn.microsoft.com/graph/api/application-update' },
  ],
};
