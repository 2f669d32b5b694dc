/** What an action may cost. Only a safe one is ever carried out without a person's approval. */
export type Risk = 'safe' | 'disruptive' | 'weakens-security';

/** Every action that can mend a finding, with its risk (contracts, Remediation job). */
export const actionRisks = {
  'grant-consent': 'safe',
  'add-missing-scopes': 'safe',
  'add-privatelink-uris': 'safe',
  'assignment-not-required': 'safe',
  'add-cloud-group-tag': 'safe',
  'remove-orphaned-exclusion': 'safe',
  'exclude-app-from-policy': 'weakens-security',
  'replace-dangling-exclusion': 'weakens-security',
  'allow-aes256-kerberos': 'disruptive',
} as const satisfies Readonly<Record<string, Risk>>;

export type ActionName = keyof typeof actionRisks;

/** Whether an action may run without a person; one that is not known may not. */
export function isSafe(action: string): boolean {
  return Object.entries(actionRisks).some(([name, risk]) => name === action && risk === 'safe');
}
