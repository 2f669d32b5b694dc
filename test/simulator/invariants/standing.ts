import type { FaultStanding, Finding } from '../../../domain/findings/finding.ts';
import type { Fault } from '../truth-faults.ts';

/** What a finding or a transition says of its fault and what does not fit the truth; null: all fits. */
export function misfit(told: FaultStanding, fault: FaultStanding): string | null {
  const [said, is] = [words(told), words(fault)];
  return said === is ? null : `it says ${said}, and it is ${is}`;
}

/** The same of what the evidence names. */
export function misfitOf(finding: Finding, fault: Fault): string | null {
  const evidence = JSON.stringify(finding.evidence);
  const unsaid = fault.says.filter((member) => !evidence.includes(member));
  return misfit(finding, fault) ?? (unsaid.length === 0 ? null : `its evidence does not say ${unsaid.join(', ')}`);
}

export function words({ outcome, severity, deciders }: FaultStanding): string {
  return `${outcome} ${severity} by ${deciders.toSorted().join(', ') || 'nothing'}`;
}
