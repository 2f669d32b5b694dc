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
 * A life of the tenant: in every round one account gets a new app, one loses its consent, and something else happens.
 * Changes of one round have nothing to do with each other, so that their order does not matter.
 * @param accounts names of accounts in order that are set up for Entra Kerberos
 */
export function writeScript(accounts: readonly string[], rounds: number, random: Random): readonly Round[] {
  const left = [...accounts];
  const standing = { enforced: false, defaults: false, blind: false };

  function another(taken: readonly string[]): string {
    return random.pick(left.filter((name) => !taken.includes(name)));
  }

  function something(taken: readonly string[]): Change {
    switch (random.between(0, 4)) {
      case 0: {
        if (left.length < 6) break;
        const account = another(taken);
        left.splice(left.indexOf(account), 1);
        return { kind: 'delete-account', account };
      }
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

  return Array.from({ length: rounds }, () => {
    const switched = another([]);
    const revoked = another([switched]);
    return {
      changes: [
        { kind: 'switch-off-and-on', account: switched },
        { kind: 'revoke-consent', account: revoked },
        something([switched, revoked]),
      ],
      timers: timerNames.map((name) => ({ name, afterMs: random.between(0, latestTimerMs) })),
    };
  });
}
