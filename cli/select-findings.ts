import type { Finding } from '../domain/findings/finding.ts';
import { type FindingState, isFaulty, isFindingState, states } from '../domain/findings/lifecycle.ts';
import { compareSeverity, type Severity } from '../domain/model/verdict.ts';
import { fitsPattern } from '../domain/model/wildcard.ts';

/** Which findings to show; what is absent asks for nothing. */
export interface FindingFilter {
  /** Those of a fault that is there, where absent. */
  readonly states?: readonly FindingState[] | 'all' | undefined;
  /** This severity, and those above. */
  readonly severity?: Severity | undefined;
  readonly rule?: string | undefined;
  readonly subscription?: string | undefined;
  /** `*` is a wildcard. */
  readonly account?: string | undefined;
  /** Somewhere in the id, the title or the evidence. */
  readonly text?: string | undefined;
}

export interface SelectedFindings {
  /** Worst first. */
  readonly shown: readonly Finding[];
  /** Of those that all other filters let through: how many are in states that were not asked for. */
  readonly inOtherStates: ReadonlyMap<string, number>;
  /** What the other filters leave out, in whatever state. */
  readonly filteredOut: number;
}

/** Splits what is stored into what to show and what not. A state that this version does not know is shown unless states are named. */
export async function selectFindings(stored: AsyncIterable<Finding>, filter: FindingFilter): Promise<SelectedFindings> {
  const shown: Finding[] = [];
  const inOtherStates = new Map<string, number>();
  let filteredOut = 0;
  for await (const finding of stored) {
    if (!fits(finding, filter)) filteredOut += 1;
    else if (isAskedState(finding.state, filter.states)) shown.push(finding);
    else inOtherStates.set(finding.state, (inOtherStates.get(finding.state) ?? 0) + 1);
  }
  return { shown: shown.sort(worstFirst), inOtherStates, filteredOut };
}

function isAskedState(state: FindingState, asked: FindingFilter['states']): boolean {
  if (asked === 'all') return true;
  if (asked !== undefined) return asked.includes(state);
  return !isFindingState(state) || isFaulty(state);
}

/** Case is ignored; a severity of a newer version is above all that are known. */
function fits(finding: Finding, { severity, rule, subscription, account, text }: FindingFilter): boolean {
  return (
    (severity === undefined || compareSeverity(finding.severity, severity) <= 0) &&
    (rule === undefined || finding.rule === rule.toLowerCase()) &&
    (subscription === undefined || finding.account?.subscriptionId.toLowerCase() === subscription.toLowerCase()) &&
    (account === undefined || (finding.account !== null && fitsPattern(account, finding.account.name))) &&
    (text === undefined || searched(finding).includes(text.toLowerCase()))
  );
}

function searched({ id, title, evidence }: Finding): string {
  return `${id}\n${title}\n${JSON.stringify(evidence)}`.toLowerCase();
}

/** By severity; what needs a person before what is known; then by id. */
export function worstFirst(a: Finding, b: Finding): number {
  const order = compareSeverity(a.severity, b.severity) || states.indexOf(a.state) - states.indexOf(b.state);
  return order === 0 ? Number(a.id > b.id) - Number(a.id < b.id) : order;
}
