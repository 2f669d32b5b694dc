import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import type { Evidence, Verdict } from '../model/verdict.ts';
import { identitySource } from './identity-source.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/**
 * Hands accounts whose shares use Entra Kerberos to `judge`; the others are not-applicable: a kind without SMB shares, or
 * another identity source. A source that is not known here is another one, and it is told once: `single-ad-source` says
 * unknown, since a dozen rules that repeat it teach people to look away.
 */
export function aboutKerberosAccount(
  rule: Pick<AccountRule, 'severity'>,
  account: StorageAccount,
  judge: () => Verdict,
): Verdict {
  // A kind that is not known may well hold shares: it is judged like one that does, never passed over.
  if (holdsSmbShares(account.kind) === 'no') {
    return verdict('not-applicable', rule.severity, `Accounts of kind ${account.kind} hold no SMB shares`);
  }
  if (identitySource(account.directoryService) !== 'AADKERB') {
    const { directoryService } = account;
    return verdict(
      'not-applicable',
      rule.severity,
      `Does not use Entra Kerberos (identity source ${directoryService})`,
    );
  }
  const judged = judge();
  const about: Evidence = holdsSmbShares(account.kind) === 'unknown' ? { unknownKind: account.kind } : {};
  return { ...judged, evidence: { ...about, ...judged.evidence } };
}
