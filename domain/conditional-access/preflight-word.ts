import type { EffectKind } from './effect.ts';

/**
 * What a policy would do to a storage app, in the words of `kerbwatch preflight` (design, "How the core rules are read"); the
 * worst first. What was seen for sure comes before what cannot be decided, and that before what stops only some people, as
 * fail, unknown and warn do in an audit.
 */
export const preflightWords = ['requires-mfa', 'blocks', 'undecided', 'may-require-mfa', 'may-block', 'none'] as const;
export type PreflightWord = (typeof preflightWords)[number];

const words = {
  none: 'none',
  violation: 'requires-mfa',
  'conditional-users': 'may-require-mfa',
  conditional: 'may-require-mfa',
  'conditional-low': 'may-require-mfa',
  undecided: 'undecided',
  block: 'blocks',
  'block-conditional': 'may-block',
} as const satisfies Record<EffectKind, PreflightWord>;

export function preflightWord(kind: EffectKind): PreflightWord {
  return words[kind];
}

/** What a policy does as it stands, from its state on the wire and what it would do if enabled. */
export function wordAsItStands(state: string, ifEnabled: PreflightWord): PreflightWord | 'latent' {
  if (ifEnabled === 'none') return 'none';
  switch (state.toLowerCase()) {
    case 'enabled':
      return ifEnabled;
    case 'disabled':
      return 'none';
    case 'enabledforreportingbutnotenforced':
      return 'latent';
    default:
      return 'undecided';
  }
}
