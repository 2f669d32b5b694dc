import type { AuditedEstate, AuditedRule } from '../../domain/audit/audit-estate.ts';
import type { StorageAccount } from '../../domain/model/storage-account.ts';
import type { RequestCounts } from '../../infra/estate-source.ts';

/** What the audit was of, and when. Times are epoch milliseconds, UTC. */
export interface AuditRun {
  readonly id: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly tenantId: string;
  readonly source: 'live' | 'snapshot';
  readonly requests: RequestCounts;
}

/** The document of `--format json` (contracts.md, Audit JSON, `kerbwatch.audit/v1`). */
export function auditDocument(run: AuditRun, audited: AuditedEstate): object {
  const { verdicts, accounts, gaps } = audited;
  return {
    schema: 'kerbwatch.audit/v1',
    run: {
      id: run.id,
      startedAt: new Date(run.startedAt).toISOString(),
      finishedAt: new Date(run.finishedAt).toISOString(),
      tenantId: run.tenantId,
      source: run.source,
      coverage: { complete: gaps.length === 0, gaps },
      requests: { ...run.requests },
      accounts,
    },
    verdicts: {
      pass: verdicts.pass,
      fail: verdicts.fail,
      warn: verdicts.warn,
      unknown: verdicts.unknown,
      notApplicable: verdicts['not-applicable'],
    },
    findings: audited.results.map(findingDocument),
  };
}

function findingDocument({ id, rule, account, subject, verdict }: AuditedRule): object {
  return {
    id,
    rule: rule.id,
    outcome: verdict.outcome,
    severity: verdict.severity,
    account: account === null ? null : accountDocument(account),
    subject,
    title: verdict.title,
    evidence: verdict.evidence,
    symptom: rule.symptom,
    remediation: {
      summary: rule.remediation.summary,
      action: rule.remediation.action,
      page: `docs/rules/${rule.id}.md`,
    },
  };
}

function accountDocument({ id, name, subscriptionId, resourceGroup, location, host }: StorageAccount): object {
  return { id, name, subscriptionId, resourceGroup, location, host };
}
