import type { actionRisks, Risk } from './actions.ts';

/**
 * What taking an action back may cost, where nobody has edited the object since. Where it opened something (a consent, an
 * exclusion, a name), taking it back closes that again: nothing is weaker than before, and the finding that opens leads to
 * the same repair. Two put an exclusion of an app back into a policy, which weakens it; one disconnects clients a second time.
 */
const undoRisks: Readonly<Record<keyof typeof actionRisks, Risk>> = {
  'grant-consent': 'safe',
  'add-missing-scopes': 'safe',
  'add-privatelink-uris': 'safe',
  'assignment-not-required': 'safe',
  'add-cloud-group-tag': 'safe',
  'exclude-app-from-policy': 'safe',
  'remove-orphaned-exclusion': 'weakens-security',
  'replace-dangling-exclusion': 'weakens-security',
  'allow-aes256-kerberos': 'disruptive',
};

/** The risk of taking an action back; one that is not known is as bad as can be. */
export function undoRiskOf(action: string): Risk {
  return Object.entries(undoRisks).find(([name]) => name === action)?.[1] ?? 'weakens-security';
}
