import type { Finding } from '../domain/findings/finding.ts';
import { type FindingFilter, fits, isAskedState } from '../domain/findings/filter.ts';
import { states } from '../domain/findings/lifecycle.ts';
import { compareSeverity } from '../domain/model/verdict.ts';

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

/** By severity; what needs a person before what is known; then by id. */
export function worstFirst(a: Finding, b: Finding): number {
  const order = compareSeverity(a.severity, b.severity) || states.indexOf(a.state) - states.indexOf(b.state);
  return order === 0 ? Number(a.id > b.id) - Number(a.id < b.id) : order;
}
