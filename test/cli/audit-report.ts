/** What `--format json` prints (contracts.md, Audit JSON), as far as the tests look into it. */
export interface AuditReport {
  readonly schema: string;
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly tenantId: string;
    readonly source: string;
    readonly coverage: { readonly complete: boolean; readonly gaps: readonly ReportedGap[] };
    readonly requests: Readonly<Record<string, number>>;
    readonly accounts: { readonly seen: number; readonly inScope: number };
  };
  readonly verdicts: Readonly<Record<string, number>>;
  readonly findings: readonly ReportedFinding[];
}

interface ReportedGap {
  readonly collection: string;
  readonly scope: string;
  readonly reason: string;
  readonly needs: string | null;
}

export interface ReportedFinding {
  readonly id: string;
  readonly rule: string;
  readonly outcome: string;
  readonly severity: string;
  /** null for a finding about the tenant. */
  readonly account: { readonly name: string } | null;
}

export function reportIn(text: string): AuditReport {
  return JSON.parse(text) as AuditReport;
}

/** The report with what two runs over the same estate may differ in left out. */
export function withoutRun(text: string): string {
  return text.replace(/"(id|startedAt|finishedAt)": "[\da-f-]{36}"|"(startedAt|finishedAt)": "[^"]+"/gu, '"$1$2"');
}
