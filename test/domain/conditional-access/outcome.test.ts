import { describe, expect, it } from 'vitest';
import type { EffectKind, PolicyEffect } from '../../../domain/conditional-access/effect.ts';
import { mfaOutcome } from '../../../domain/conditional-access/outcome.ts';

function effect(kind: EffectKind, over: Partial<PolicyEffect> = {}): PolicyEffect {
  return { kind, latent: false, microsoftManaged: false, explicit: false, spared: false, reasons: [], ...over };
}

describe('what an effect means for mfa-excluded', () => {
  it.each([
    ['violation', 'fail', 'critical'],
    ['conditional-users', 'fail', 'high'],
    ['conditional', 'warn', 'medium'],
    ['conditional-low', 'warn', 'low'],
    ['undecided', 'unknown', 'critical'],
  ] as const)('%s: %s, %s', (kind, outcome, severity) => {
    expect(mfaOutcome(effect(kind))).toEqual({ outcome, severity });
  });

  it.each([
    ['violation', 'medium', 'high'],
    ['conditional-users', 'low', 'medium'],
    ['conditional', 'low', 'medium'],
    ['conditional-low', 'low', 'medium'],
    ['undecided', 'low', 'medium'],
  ] as const)('latent %s: warn, %s; one step up, %s, where Microsoft manages it', (kind, severity, managed) => {
    expect(mfaOutcome(effect(kind, { latent: true }))).toEqual({ outcome: 'warn', severity });
    expect(mfaOutcome(effect(kind, { latent: true, microsoftManaged: true }))).toEqual({
      outcome: 'warn',
      severity: managed,
    });
  });

  it.each(['none', 'block', 'block-conditional'] as const)('%s: nothing, latent or not', (kind) => {
    expect(mfaOutcome(effect(kind))).toBeNull();
    expect(mfaOutcome(effect(kind, { latent: true }))).toBeNull();
  });
});
