import type { Run } from '../../domain/audit/run.ts';
import { table } from './table.ts';
import { durationText, timeText } from './time-text.ts';

/** Runs for a terminal, in their order. */
export function runsTable(runs: readonly Run[]): string {
  const rows = runs.map((run) => {
    const { id, startedAt, finishedAt, accounts, tally, gaps } = run;
    return [
      id,
      timeText(startedAt),
      finishedAt === null ? 'not finished' : durationText(finishedAt - startedAt),
      `${String(accounts.inScope)} of ${String(accounts.seen)}`,
      ...(tally === null
        ? ['-', '-', '-', '-', '-', '-']
        : [
            tally.verdicts.fail,
            tally.verdicts.warn,
            tally.verdicts.unknown,
            tally.verdicts.pass,
            tally.opened + tally.reopened,
            tally.resolved,
          ].map(String)),
      String(gaps.length),
    ];
  });
  const header = ['id', 'started', 'took', 'accounts', 'fail', 'warn', 'unknown', 'pass', 'opened', 'resolved', 'gaps'];
  return `${table(header, rows)}\n`;
}
