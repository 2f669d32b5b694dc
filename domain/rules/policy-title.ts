import type { PolicyAtWork } from './policy-at-work.ts';

/** For mfa-excluded: one sentence for the policy that counts most; `others` have the same outcome. */
export function mfaTitle(worst: PolicyAtWork, others: number): string {
  const policy = nameOf(worst, others);
  const { kind, latent } = worst.effect;
  if (latent) return `${policy} only reports for now; switched on, it ${latentMfa(kind)} when mounting a share`;
  switch (kind) {
    case 'violation':
      return `${policy} reaches this account's app: every user is asked for MFA when mounting a share`;
    case 'conditional-users':
      return `${policy} reaches this account's app: the users it selects are asked for MFA when mounting a share`;
    case 'undecided':
      return `${policy} may ask for MFA when mounting a share, which cannot be decided: ${wordsOf(worst)}`;
    default:
      return `${policy} reaches this account's app and may stop some people from mounting a share: ${wordsOf(worst)}`;
  }
}

/** The same for conditional-access-not-blocking. */
export function blockTitle(worst: PolicyAtWork, others: number): string {
  const policy = nameOf(worst, others);
  const { kind, latent } = worst.effect;
  if (latent) return `${policy} only reports for now; switched on, it ${latentBlock(kind)}`;
  switch (kind) {
    case 'block':
      return `${policy} blocks this account's app: no user gets a ticket, so nobody can mount a share`;
    case 'undecided':
      return `${policy} may block this account's app, which cannot be decided: ${wordsOf(worst)}`;
    default:
      return `${policy} blocks this account's app for some people, who cannot mount a share: ${wordsOf(worst)}`;
  }
}

function nameOf({ policy }: PolicyAtWork, others: number): string {
  const name = policy.displayName === '' ? (policy.id ?? 'without a name') : policy.displayName;
  return `Policy ‹${name}›${others === 0 ? '' : ` (and ${String(others)} more)`}`;
}

function wordsOf({ effect }: PolicyAtWork): string {
  return effect.reasons.map(({ words }) => words).join(', ');
}

function latentMfa(kind: PolicyAtWork['effect']['kind']): string {
  switch (kind) {
    case 'violation':
      return 'would ask every user for MFA';
    case 'conditional-users':
      return 'would ask the users it selects for MFA';
    case 'undecided':
      return 'might ask for MFA';
    default:
      return 'would ask some users for MFA, or for a control they cannot answer,';
  }
}

function latentBlock(kind: PolicyAtWork['effect']['kind']): string {
  switch (kind) {
    case 'block':
      return 'would keep every user from mounting a share';
    case 'undecided':
      return 'might keep users from mounting a share';
    default:
      return 'would keep some users from mounting a share';
  }
}
