import { severities, type Outcome, type Severity } from '../model/verdict.ts';
import type { PolicyEffect } from './effect.ts';

export interface PolicyOutcome {
  readonly outcome: Extract<Outcome, 'fail' | 'unknown' | 'warn'>;
  readonly severity: Severity;
}

/**
 * What an effect means for mfa-excluded (design, "How the core rules are read"); null: nothing. Blocks, latent and
 * undecided ones too, belong to conditional-access-not-blocking.
 */
export function mfaOutcome(effect: PolicyEffect): PolicyOutcome | null {
  switch (effect.kind) {
    case 'none':
    case 'block':
    case 'block-conditional':
      return null;
    case 'violation':
      return effect.latent ? latent(effect, 'medium') : { outcome: 'fail', severity: 'critical' };
    case 'conditional-users':
      return effect.latent ? latent(effect, 'low') : { outcome: 'fail', severity: 'high' };
    case 'conditional':
      return effect.latent ? latent(effect, 'low') : { outcome: 'warn', severity: 'medium' };
    case 'conditional-low':
      return effect.latent ? latent(effect, 'low') : { outcome: 'warn', severity: 'low' };
    case 'undecided':
      return effect.demand === 'block' ? null : undecided(effect);
  }
}

/** What an effect means for conditional-access-not-blocking (same table); null: nothing. */
export function blockOutcome(effect: PolicyEffect): PolicyOutcome | null {
  switch (effect.kind) {
    case 'block':
      return effect.latent ? latent(effect, 'medium') : { outcome: 'fail', severity: 'critical' };
    case 'block-conditional':
      return effect.latent ? latent(effect, 'low') : { outcome: 'warn', severity: 'medium' };
    case 'undecided':
      return effect.demand === 'block' || effect.demand === 'either' ? undecided(effect) : null;
    case 'none':
    case 'violation':
    case 'conditional-users':
    case 'conditional':
    case 'conditional-low':
      return null;
  }
}

function undecided(effect: PolicyEffect): PolicyOutcome {
  return effect.latent ? latent(effect, 'low') : { outcome: 'unknown', severity: 'critical' };
}

/** Microsoft switches its own policies on by itself, so those weigh one step more. */
function latent(effect: PolicyEffect, severity: Severity): PolicyOutcome {
  return { outcome: 'warn', severity: effect.microsoftManaged ? stepUp(severity) : severity };
}

function stepUp(severity: Severity): Severity {
  return severities[severities.indexOf(severity) - 1] ?? severity;
}
