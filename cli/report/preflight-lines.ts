import type { Failure } from '../../infra/azure/failure.ts';
import type { EntraSays } from '../ask-entra.ts';

/** Accounts that nobody judged, since the policies of one tenant do not reach those of another. */
export function foreignLine(names: readonly string[]): readonly string[] {
  return names.length === 0
    ? []
    : [`Not judged, since they belong to another tenant than the snapshot's directory: ${names.join(', ')}.`];
}

/** Why Entra gave no opinion, or not all of it. */
export function failureLine({ reason, needs }: Failure): string {
  const mend = needs === null ? '' : `; needs ${needs}`;
  return `Entra's second opinion is not complete (${reason}${mend}). What is said of the policies does not hang on it.`;
}

/** What was not asked, though nothing went wrong. */
export function whatIfLine({ user, policies, asked, leftOut, failures, gaps }: EntraSays): readonly string[] {
  if (failures.length > 0) return [];
  if (policies.length === 0) {
    return [`Entra was not asked about ${user}: no policy here has an id, so none of them exists in the tenant yet.`];
  }
  if (asked.length === 0) {
    return gaps.length > 0 ? [] : [`Entra was not asked about ${user}: no Entra Kerberos account has a storage app.`];
  }
  return leftOut === 0
    ? []
    : [`Entra was asked about ${String(asked.length)} storage apps, one a second; ${String(leftOut)} were left out.`];
}
