import type { StorageAccount } from '../model/storage-account.ts';
import type { Verdict } from '../model/verdict.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Mounts work without either; File Explorer asks for both when somebody sets permissions on a file. */
export const domainPropertiesPaired: AccountRule = {
  about: 'account',
  id: 'domain-properties-paired',
  statement: 'domainName and domainGuid are both set, or neither is',
  why: 'Both are needed to set ACLs from File Explorer, and for nothing else. One alone helps nobody, and hides from people that ACLs cannot be set.',
  severity: 'low',
  needs: ['storage-accounts'],
  helpedBy: [],
  symptom: 'ACLs of files and folders cannot be set in File Explorer; mounts work',
  remediation: { summary: 'Set both to those of the on-premises domain, or clear both', action: null },
  thresholds: {},
  evaluate: ({ account }) => aboutKerberosAccount(domainPropertiesPaired, account, () => judge(account)),
};

function judge({ activeDirectory }: StorageAccount): Verdict {
  const { severity } = domainPropertiesPaired;
  const domainName = activeDirectory?.domainName ?? null;
  const domainGuid = activeDirectory?.domainGuid ?? null;
  const told = { evidence: { domainName, domainGuid, readFrom: 'storage-accounts' } };
  if (domainName === null && domainGuid === null) {
    return verdict('pass', severity, 'Neither domainName nor domainGuid is set', told);
  }
  if (domainGuid === null) {
    return verdict('fail', severity, 'Has domainName without domainGuid: File Explorer cannot set ACLs', told);
  }
  if (domainName === null) {
    return verdict('fail', severity, 'Has domainGuid without domainName: File Explorer cannot set ACLs', told);
  }
  if (!guid.test(domainGuid)) {
    return verdict('fail', severity, `Its domainGuid ‹${domainGuid}› is no GUID: File Explorer cannot set ACLs`, told);
  }
  return verdict('pass', severity, 'domainName and domainGuid are both set', told);
}
