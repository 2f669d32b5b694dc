import type { StorageAccount } from '../model/storage-account.ts';
import type { Verdict } from '../model/verdict.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { AccountRule } from './rule.ts';
import { sharePermission } from './share-permission.ts';
import { verdict } from './verdicts.ts';

/** The default share permission is everybody's; beyond Contributor it changes access control lists, or passes over them. */
export const defaultSharePermissionNotElevated: AccountRule = {
  about: 'account',
  id: 'default-share-permission-not-elevated',
  statement: 'The default share permission lets nobody change access control lists, or pass over them',
  why: 'It holds for every identity that gets a ticket, on every share of the account: beyond Contributor, anybody may rewrite who may open which file, or open it all the same.',
  severity: 'medium',
  needs: ['storage-accounts'],
  helpedBy: [],
  symptom: null,
  remediation: {
    summary: 'Lower the default share permission, and give more to administrators by role assignment',
    action: null,
  },
  thresholds: {},
  evaluate: ({ account }) => aboutKerberosAccount(defaultSharePermissionNotElevated, account, () => judge(account)),
};

function judge({ defaultSharePermission }: StorageAccount): Verdict {
  const { severity } = defaultSharePermissionNotElevated;
  const permission = sharePermission(defaultSharePermission);
  const told = { evidence: { defaultSharePermission, readFrom: 'storage-accounts' } };
  switch (permission) {
    case null:
      return verdict(
        'unknown',
        severity,
        `Default share permission ‹${String(defaultSharePermission)}› is not known here`,
        told,
      );
    case 'StorageFileDataSmbShareElevatedContributor':
      return verdict(
        'fail',
        severity,
        `Default share permission is ${permission}: everybody may change access control lists`,
        told,
      );
    case 'StorageFileDataPrivilegedReader':
    case 'StorageFileDataPrivilegedContributor':
    case 'StorageFileDataSmbAdmin':
      return verdict(
        'fail',
        severity,
        `Default share permission is ${permission}: access control lists hold nobody back`,
        told,
      );
    case 'None':
      return verdict('pass', severity, 'No default share permission is set', told);
    case 'StorageFileDataSmbShareReader':
    case 'StorageFileDataSmbShareContributor':
      return verdict('pass', severity, `Default share permission is ${permission}`, told);
  }
}
