import { compareSeverity, type Severity } from '../model/verdict.ts';
import { fitsPattern } from '../model/wildcard.ts';
import type { Finding } from './finding.ts';
import { type FindingState, isFaulty, isFindingState } from './lifecycle.ts';

/** Which findings somebody asks for; what is absent asks for nothing. */
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

/** Whether the state is asked for; one that this version does not know is, unless states are named. */
export function isAskedState(state: FindingState, asked: FindingFilter['states']): boolean {
  if (asked === 'all') return true;
  if (asked !== undefined) return asked.includes(state);
  return !isFindingState(state) || isFaulty(state);
}

/** Whether all but the state fits. Case is ignored; a severity of a newer version is above all that are known. */
export function fits(finding: Finding, { severity, rule, subscription, account, text }: FindingFilter): boolean {
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
