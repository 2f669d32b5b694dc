import { severities, type Outcome, type Severity } from '../model/verdict.ts';
import type { PolicyEffect } from './effect.ts';

export interface MfaOutcome {
  readonly outcome: Extract<Outcome, 'fail' | 'unknown' | 'warn'>;
  readonly severity: Severity;
}

/**
 * What an effect means for mfa-excluded (design, "How the core rules are read"); null: nothing. Blocks, latent ones
 * too, belong to conditional-access-not-blocking.
 */
export function mfaOutcome(effect: PolicyEffect): MfaOutcome | null {
  if (effect.kind === 'none' || effect.kind === 'block' || effect.kind === 'block-conditional') return null;
  if (effect.latent) {
    const severity = effect.kind === 'violation' ? 'medium' : 'low';
    return { outcome: 'warn', severity: effect.microsoftManaged ? stepUp(severity) : severity };
  }
  switch (effect.kind) {
    case 'violation':
      return { outcome: 'fail', severity: 'critical' };
    case 'conditional-users':
      return { outcome: 'fail', severity: 'high' };
    case 'conditional':
      return { outcome: 'warn', severity: 'medium' };
    case 'conditional-low':
      return { outcome: 'warn', severity: 'low' };
    case 'undecided':
      return { outcome: 'unknown', severity: 'critical' };
  }
}

function stepUp(severity: Severity): Severity {
  return severities[severities.indexOf(severity) - 1] ?? severity;
}
