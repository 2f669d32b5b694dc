import { holdsSmbShares, type StorageAccount } from '../model/storage-account.ts';
import type { Verdict } from '../model/verdict.ts';
import { identitySource } from './identity-source.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** An identity source serves SMB shares; on an account that can hold none it serves nobody (domain facts 1.3). */
export const accountSupportsSmb: AccountRule = {
  about: 'account',
  id: 'account-supports-smb',
  statement:
    'An account with an identity source for shares is of a kind that holds SMB shares, and has a file endpoint',
  why: 'Blob-only accounts take the setting and can hold no share, so whoever was promised one cannot mount it.',
  severity: 'high',
  needs: ['storage-accounts'],
  helpedBy: [],
  symptom: 'System error 53 or 67: the share or its host is not found',
  remediation: {
    summary: 'Create the shares on a StorageV2 or FileStorage account, and clear the identity source here',
    action: null,
  },
  thresholds: {},
  evaluate: ({ account }) => judge(account),
};

function judge(account: StorageAccount): Verdict {
  const { severity } = accountSupportsSmb;
  const { kind, host, directoryService } = account;
  const source = identitySource(directoryService);
  const evidence = { directoryServiceOptions: directoryService, kind, host, readFrom: 'storage-accounts' };
  if (source === 'None') return verdict('not-applicable', severity, 'Has no identity source for shares');
  if (source === null) {
    return verdict('unknown', severity, `Identity source ${directoryService} is not known here`, { evidence });
  }
  switch (holdsSmbShares(kind)) {
    case 'no':
      return verdict(
        'fail',
        severity,
        `Has identity source ${source}, and accounts of kind ${kind} hold no SMB shares`,
        {
          evidence,
        },
      );
    case 'unknown':
      return verdict('unknown', severity, `Whether accounts of kind ‹${kind}› hold SMB shares is not known here`, {
        evidence,
      });
    case 'yes':
      if (host !== null) return verdict('pass', severity, `Holds SMB shares at ${host}`, { evidence });
      return verdict(
        'fail',
        severity,
        `Has identity source ${source} and no file endpoint: there is nothing to mount`,
        {
          evidence,
        },
      );
  }
}
