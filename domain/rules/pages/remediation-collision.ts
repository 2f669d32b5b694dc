import type { RulePage } from './page.ts';

export const remediationCollisionPage: RulePage = {
  rule: 'remediation-collision',
  why: 'Microsoft Graph has no ETag for these objects: a write replaces a list as it was read a moment before. Kerbwatch reads right before and right after it, and looks at the audit records later, so that a change in between is not lost in silence.',
  affected:
    'Whoever relied on the change that met the repair: a list may lack an entry that an administrator had just added or taken away.',
  reading:
    'After each write the remediator reads the object again. It shows the value that was written, or for a while still the one before; where it shows something else, somebody wrote at the same time. The job then fails, the action stops, and the auditor opens this finding under the id of the object, with what was to be there and what was found. Nightly audits neither open nor close it. A change of the very list that is written, made after the last read, is replaced before anybody could read it, and nothing differs afterwards. So the remediator looks at the audit records of Entra 10, 30 and 90 minutes later (`AuditLog.Read.All`): where the record of its own write says that it replaced something else than what was read, or that of another act says what it wrote in between, the finding opens too, with what was written and what that replaced; the job stays done. Where the records cannot be read, do not come or do not say, the job says that it is not known whether it replaced anything (`kerbwatch jobs show`). Azure keeps no such record of the settings of a file service.',
  outcomes: [
    { when: 'a person has released the action', outcome: 'pass', severity: null },
    {
      when: 'the read after a write shows neither the value before nor the one that was written',
      outcome: 'fail',
      severity: 'critical',
    },
    {
      when: 'the audit records say that a write replaced a value that nobody had read',
      outcome: 'fail',
      severity: 'critical',
    },
  ],
  unknown: 'For every object of which no collision was told; that opens no finding.',
  fix: {
    before:
      'The finding names the object and both values. The audit log of Entra, or the activity log of the subscription, names who changed it; ask them which value is right.',
    portal:
      'Entra admin center → Monitoring → Audit logs, filtered by the object; for a storage account: the account → Activity log.',
    azureCli: '`az monitor activity-log list --resource-id ACCOUNT --offset 1d` for a storage account',
    powerShell: '`Get-MgAuditLogDirectoryAudit -Filter "targetResources/any(t:t/id eq \'OBJECT\')"`',
    graph:
      "`GET /v1.0/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq 'OBJECT')` (`AuditLog.Read.All`)",
    after: 'Releasing the action resolves the finding; the next audit plans the repair anew where it is still needed.',
  },
  undo: 'None: the finding changes nothing.',
  sources: [
    {
      title: 'Graph: update a Conditional Access policy',
      url: 'https://learn.microsoft.com/graph/api/conditionalaccesspolicy-update',
    },
    {
      title: 'Graph: directory audit log',
      url: 'https://learn.microsoft.com/graph/api/directoryaudit-list',
    },
  ],
};
