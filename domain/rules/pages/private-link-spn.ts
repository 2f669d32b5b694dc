import type { RulePage } from './page.ts';

export const privateLinkSpnPage: RulePage = {
  rule: 'private-link-spn',
  why: 'Nothing adds these names: neither making the private endpoint nor enabling Entra Kerberos does.',
  affected:
    'Everyone who mounts a share through the private endpoint. Who reaches the public endpoint is not affected.',
  reading:
    "An account lists its private endpoint connections, but not the sub-resource that each serves. So each connection's endpoint is looked up by its id, and endpoints with a link to the account are added, those approved by hand too; `groupIds` with `file` on an approved link demands the names. Connections that are pending, rejected, disconnected or timed out demand nothing. The names are the six of the host with `privatelink` put before its label `file`, as in `NAME.privatelink.file.core.windows.net`, compared without case with those of the app's service principal.",
  outcomes: [
    { when: 'all six names are there', outcome: 'pass', severity: null },
    { when: 'no CIFS name, neither bare nor under `api://`', outcome: 'fail', severity: 'high' },
    { when: 'a CIFS name, and another one of the six missing', outcome: 'warn', severity: 'low' },
    {
      when: 'no connection at all, whatever could not be read; or none that is open and of sub-resource `file`',
      outcome: 'not-applicable',
      severity: null,
    },
    { when: 'no app, or an application without its principal', outcome: 'not-applicable', severity: null },
  ],
  unknown:
    'A connection leads to an endpoint that was not seen, so its sub-resource is not known: private endpoints were not read, or it lives in a subscription or tenant that the audit cannot look into (`Microsoft.Network/privateEndpoints/read` there mends it). Or the endpoint does not say its sub-resource, or names one that is not known here, or its status is not, or is one thing on the endpoint and another on the account. With all six names in place none of this matters, and it passes. Also unknown when the service principal was not read (`Application.Read.All`).',
  fix: {
    before:
      'It takes a Cloud Application Administrator or an Application Administrator. Add the names to the application; its service principal follows. Where the tenant restricts identifier URIs, only the `api://TENANT_ID/…` forms may pass ("All newly added URIs must contain a tenant verified domain, tenant ID, or app ID").',
    portal:
      'Entra admin center → App registrations → All applications → `[Storage Account] HOST` → Manifest → add to `identifierUris`: `HOST/…`, `CIFS/…` and `HTTP/…` for `NAME.privatelink.file.core.windows.net`, each bare and as `api://TENANT_ID/…` → Save.',
    azureCli:
      '`az ad app show --id APP_ID --query identifierUris`, then `az ad app update --id APP_ID --identifier-uris ALL_AS_READ api://TENANT_ID/HOST/PRIVATE_HOST api://TENANT_ID/CIFS/PRIVATE_HOST api://TENANT_ID/HTTP/PRIVATE_HOST HOST/PRIVATE_HOST CIFS/PRIVATE_HOST HTTP/PRIVATE_HOST`',
    powerShell:
      "`$app = Get-MgApplication -Filter \"appId eq 'APP_ID'\"`, then `$new = 'HOST','CIFS','HTTP' | ForEach-Object { \"$_/PRIVATE_HOST\"; \"api://TENANT_ID/$_/PRIVATE_HOST\" }`, then `Update-MgApplication -ApplicationId $app.Id -IdentifierUris ($app.IdentifierUris + $new)`",
    graph:
      '`GET /v1.0/applications/{object id}?$select=identifierUris`, then `PATCH` it with `{ "identifierUris": [all as read, and the six] }`: **the list is replaced**.',
    after: 'On a client behind the endpoint: `klist purge`, then `klist get cifs/PRIVATE_HOST`, then mount a share.',
  },
  undo: 'PATCH `identifierUris` with the list as it was read.',
  sources: [
    {
      title: 'Enable Microsoft Entra Kerberos: private endpoints',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-identity-auth-hybrid-identities-enable',
    },
    {
      title: 'Troubleshoot identity-based authentication: System error 1326 with private link',
      url: 'https://learn.microsoft.com/troubleshoot/azure/azure-storage/files/security/files-troubleshoot-smb-authentication',
    },
    {
      title: 'Azure Files network endpoints',
      url: 'https://learn.microsoft.com/azure/storage/files/storage-files-networking-endpoints',
    },
  ],
};
