import type { AuditedEstate, AuditedRule } from '../../domain/audit/audit-estate.ts';
import { table } from './table.ts';

/** The audit for a terminal: what is wrong, worst first; what could not be read; and the counts. */
export function auditTable(audited: AuditedEstate, paint: (text: string, severity: string) => string): string {
  const { verdicts, accounts, leftOut, gaps, results } = audited;
  const rows = results.map(({ rule, account, verdict }: AuditedRule) => [
    paint(verdict.severity, verdict.severity),
    verdict.outcome,
    account?.name ?? '(tenant)',
    rule.id,
    verdict.title.replace(/\p{Cc}/gu, ' '),
  ]);
  const sections = [
    rows.length === 0 ? 'Nothing to report.' : table(['severity', 'outcome', 'account', 'rule', 'what'], rows),
    ...(gaps.length === 0
      ? []
      : [
          'Could not be read, so not judged:\n' +
            table(
              ['collection', 'scope', 'reason', 'needs'],
              gaps.map(({ collection, scope, reason, needs }) => [collection, scope, reason, needs ?? '-']),
            ),
        ]),
    `${String(accounts.inScope)} of ${String(accounts.seen - leftOut)} accounts can hold SMB shares: ` +
      `${String(verdicts.pass)} pass, ${String(verdicts.fail)} fail, ${String(verdicts.warn)} warn, ` +
      `${String(verdicts.unknown)} unknown, ${String(verdicts['not-applicable'])} not applicable.` +
      (leftOut === 0 ? '' : ` Settings leave out ${String(leftOut)} account${leftOut === 1 ? '' : 's'}.`),
  ];
  return `${sections.join('\n\n')}\n`;
}
