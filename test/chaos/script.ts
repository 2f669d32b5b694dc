import type { Random } from '../simulator/random.ts';

/** What an administrator of the tenant does; accounts are named. */
export type Change =
  | { readonly kind: 'switch-off-and-on' | 'revoke-consent' | 'delete-account'; readonly account: string }
  | { readonly kind: 'report-only-policy'; readonly state: 'enabled' | 'enabledForReportingButNotEnforced' }
  | { readonly kind: 'security-defaults'; readonly enabled: boolean }
  | { readonly kind: 'read-role-assignments'; readonly allowed: boolean };

/** What happens between two moments of rest. */
export interface Round {
  readonly changes: readonly Change[];
  /** How long after the changes each timer fires, milliseconds. */
  readonly timers: readonly { readonly name: string; readonly afterMs: number }[];
}

const timerNames = ['directory-watch', 'nightly-audit', 'dispatch-outbox', 'sweep'] as const;
const latestTimerMs = 600;

/**
 * A life of the tenant: in every round one account loses its consent, in every second one another gets a new app, and
 * something else happens. Changes of one round have nothing to do with each other, so that their order does not matter.
 * Accounts take turns, so that whose repair waits, minutes after a kill, is left alone until then.
 * @param accounts names of accounts in order that are set up for Entra Kerberos
 */
export function writeScript(accounts: readonly string[], rounds: number, random: Random): readonly Round[] {
  const turns = accounts
    .map((account) => ({ account, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ account }) => account);
  const standing = { enforced: false, defaults: false, blind: false };

  function next(): string {
    const account = turns.shift();
    if (account === undefined) throw new Error('A script needs accounts that are set up for Entra Kerberos');
    return account;
  }

  function something(): Change {
    switch (random.between(0, 4)) {
      case 0:
        if (turns.length < 4) break;
        return { kind: 'delete-account', account: next() };
      case 1:
        standing.defaults = !standing.defaults;
        return { kind: 'security-defaults', enabled: standing.defaults };
      case 2:
        standing.blind = !standing.blind;
        return { kind: 'read-role-assignments', allowed: !standing.blind };
    }
    standing.enforced = !standing.enforced;
    return {
      kind: 'report-only-policy',
      state: standing.enforced ? 'enabled' : 'enabledForReportingButNotEnforced',
    };
  }

  return Array.from({ length: rounds }, (_, index) => {
    const repaired: Change[] = [{ kind: 'revoke-consent', account: next() }];
    if (index % 2 === 0) repaired.push({ kind: 'switch-off-and-on', account: next() });
    const changes = [...repaired, something()];
    turns.push(...repaired.flatMap((change) => ('account' in change ? [change.account] : [])));
    return { changes, timers: timerNames.map((name) => ({ name, afterMs: random.between(0, latestTimerMs) })) };
  });
}
