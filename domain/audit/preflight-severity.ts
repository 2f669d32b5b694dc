import type { PolicyEffect } from '../conditional-access/effect.ts';
import { blockOutcome, mfaOutcome } from '../conditional-access/outcome.ts';
import type { Settings } from '../model/settings.ts';
import { compareSeverity, type Severity } from '../model/verdict.ts';
import { conditionalAccessNotBlocking } from '../rules/conditional-access-not-blocking.ts';
import { mfaExcluded } from '../rules/mfa-excluded.ts';
import { isEnabled, withSeverity } from '../rules/rule-settings.ts';

/** The rules that an audit judges policies by. */
const judges = [
  { rule: mfaExcluded, outcomeOf: mfaOutcome },
  { rule: conditionalAccessNotBlocking, outcomeOf: blockOutcome },
] as const;

export interface PreflightSeverity {
  /** null: nothing to say, or nobody wants to hear it. */
  readonly severity: Severity | null;
  /** Ids of the rules that would have said something and are switched off. */
  readonly switchedOff: readonly string[];
}

/** How much an effect weighs in an audit with these settings: the more severe of what the rules say of it. */
export function preflightSeverity(effect: PolicyEffect, settings: Settings): PreflightSeverity {
  const concerned = judges.flatMap(({ rule, outcomeOf }) => {
    const outcome = outcomeOf(effect);
    return outcome === null ? [] : [{ rule, outcome }];
  });
  const severities = concerned
    .filter(({ rule }) => isEnabled(rule, settings))
    .map(({ rule, outcome }) => withSeverity(outcome, settings.rules[rule.id]?.severity ?? null).severity);
  return {
    severity: severities.sort(compareSeverity)[0] ?? null,
    switchedOff: concerned.filter(({ rule }) => !isEnabled(rule, settings)).map(({ rule }) => rule.id),
  };
}

/** Whether any of the rules is on; with none, nothing that was not read is missed. */
export function isPreflightOn(settings: Settings): boolean {
  return judges.some(({ rule }) => isEnabled(rule, settings));
}
