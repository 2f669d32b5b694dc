import { AccountOvertaken, AccountUnreadable } from '../../domain/audit/audit-account.ts';
import { FindingConflict } from '../../domain/audit/ports.ts';
import { NotVerified } from '../../domain/audit/reconcile.ts';
import type { Outcome } from './instance.ts';
import type { Simulation } from './simulation.ts';

/** Notes a handler that failed although nothing that it asked was out of reach, and nobody was faster. */
export function checkOutcome({ violations }: Simulation, who: string, outcome: Outcome): void {
  if (outcome.kind !== 'failed' || outcome.disturbed || isAhead(outcome.error)) return;
  const { error } = outcome;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, where = ''] = /\n\s+at ([^\n]+)/.exec(stack) ?? [];
  violations.add(`${who} failed although nothing was in its way: ${text} (${where})`);
}

function isAhead(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isAhead);
  const passing = [FindingConflict, AccountUnreadable, AccountOvertaken, NotVerified];
  return passing.some((kind) => error instanceof kind);
}
