import type { ShownFinding } from './finding-text.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { table } from './table.ts';
import { timeText } from './time-text.ts';

/** Findings for a terminal. Account, `/` and rule are the id; that of a finding about the tenant is behind its title, since it can be long. */
export function findingsTable(
  findings: readonly ShownFinding[],
  paint: (text: string, severity: string) => string,
): string {
  const rows = findings.map(({ severity, state, outcome, id, account, rule, openedAt, title }) => [
    paint(severity, severity),
    state,
    outcome,
    account?.name ?? '(tenant)',
    rule,
    timeText(openedAt),
    pipelineSafe(account === null ? `${title} [${id}]` : title),
  ]);
  return table(['severity', 'state', 'outcome', 'account', 'rule', 'since', 'title'], rows);
}
