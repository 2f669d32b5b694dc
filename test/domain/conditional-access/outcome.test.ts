import { describe, expect, it } from 'vitest';
import type { EffectKind, PolicyEffect } from '../../../domain/conditional-access/effect.ts';
import { blockOutcome, mfaOutcome } from '../../../domain/conditional-access/outcome.ts';

function effect(kind: EffectKind, over: Partial<PolicyEffect> = {}): PolicyEffect {
  return {
    kind,
    demand: 'mfa',
    latent: false,
    microsoftManaged: false,
    explicit: false,
    spared: false,
    everyTime: false,
    needs: null,
    reasons: [],
    ...over,
  };
}

describe('what an effect means for mfa-excluded', () => {
  it.each([
    ['violation', 'fail', 'critical'],
    ['conditional-users', 'fail', 'high'],
    ['conditional', 'warn', 'medium'],
    ['conditional-low', 'warn', 'low'],
    ['undecided', 'unknown', 'critical'],
  ] as const)('%s: %s, %s, whoever manages it', (kind, outcome, severity) => {
    expect(mfaOutcome(effect(kind))).toEqual({ outcome, severity });
    expect(mfaOutcome(effect(kind, { microsoftManaged: true }))).toEqual({ outcome, severity });
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
    expect(mfaOutcome(effect(kind, { demand: 'block' }))).toBeNull();
    expect(mfaOutcome(effect(kind, { demand: 'block', latent: true }))).toBeNull();
  });

  it('is nothing where only a block is undecided, and unknown where it may be either', () => {
    expect(mfaOutcome(effect('undecided', { demand: 'block' }))).toBeNull();
    expect(mfaOutcome(effect('undecided', { demand: 'either' }))?.outcome).toBe('unknown');
  });
});

describe('what an effect means for conditional-access-not-blocking', () => {
  it.each([
    ['block', 'fail', 'critical'],
    ['block-conditional', 'warn', 'medium'],
    ['undecided', 'unknown', 'critical'],
  ] as const)('%s: %s, %s', (kind, outcome, severity) => {
    expect(blockOutcome(effect(kind, { demand: 'block' }))).toEqual({ outcome, severity });
  });

  it.each([
    ['block', 'medium', 'high'],
    ['block-conditional', 'low', 'medium'],
    ['undecided', 'low', 'medium'],
  ] as const)('latent %s: warn, %s; one step up, %s, where Microsoft manages it', (kind, severity, managed) => {
    const latent = { demand: 'block', latent: true } as const;
    expect(blockOutcome(effect(kind, latent))).toEqual({ outcome: 'warn', severity });
    expect(blockOutcome(effect(kind, { ...latent, microsoftManaged: true }))).toEqual({
      outcome: 'warn',
      severity: managed,
    });
  });

  it.each(['none', 'violation', 'conditional-users', 'conditional', 'conditional-low', 'undecided'] as const)(
    '%s of MFA: nothing, latent or not',
    (kind) => {
      expect(blockOutcome(effect(kind))).toBeNull();
      expect(blockOutcome(effect(kind, { latent: true }))).toBeNull();
    },
  );

  it('is unknown where a control that is not known may be a block', () => {
    expect(blockOutcome(effect('undecided', { demand: 'either' }))?.outcome).toBe('unknown');
  });
});
