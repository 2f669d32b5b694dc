import type { StorageAccount } from '../model/storage-account.ts';
import type { Verdict } from '../model/verdict.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { Resources } from './resources.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** Whoever mounts with the account's key is nobody to Entra, and past every permission on files (domain facts 1.4, 1.5). */
export const identityNotBypassed: AccountRule = {
  about: 'account',
  id: 'identity-not-bypassed',
  statement: 'Files can be reached with an identity only: neither shared key nor NTLMv2 is open',
  why: "A mount with the account's key (NTLMv2 over SMB) asks for no sign-in, no MFA and no share or file permission.",
  severity: 'info',
  needs: ['storage-accounts', 'file-services'],
  helpedBy: [],
  symptom: null,
  remediation: {
    summary: 'Refuse shared key, and allow Kerberos alone over SMB, once nothing depends on them',
    action: null,
  },
  thresholds: {},
  evaluate: ({ account, resources }) =>
    aboutKerberosAccount(identityNotBypassed, account, () => judge(account, resources.fileServiceOf(account))),
};

function judge(account: StorageAccount, { service, gaps }: ReturnType<Resources['fileServiceOf']>): Verdict {
  const { severity } = identityNotBypassed;
  const { sharedKeyAllowed, sharedKeyAllowedForFiles } = account;
  const methods = service === null ? null : (service.authenticationMethods ?? allMethods);
  const told = {
    evidence: {
      allowSharedKeyAccess: sharedKeyAllowed,
      allowSharedKeyAccessForFiles: sharedKeyAllowedForFiles,
      authenticationMethods: methods?.toSorted() ?? null,
      readFrom: ['storage-accounts', ...(service === null ? [] : ['file-services'])],
    },
  };
  const open = [
    ...(sharedKeyAllowed && sharedKeyAllowedForFiles !== false ? ['shared key'] : []),
    ...(methods?.some((method) => method.toLowerCase() === 'ntlmv2') === true ? ['NTLMv2'] : []),
  ];
  if (open.length > 0) {
    const title = `Files can be reached without an identity: ${open.join(' and ')} ${open.length === 1 ? 'is' : 'are'} open`;
    return verdict('warn', severity, title, told);
  }
  if (methods === null) {
    const title = 'Shared key is closed; whether NTLMv2 is open was not read';
    return verdict('unknown', severity, title, { ...told, gaps });
  }
  const strange = methods.filter((method) => method.toLowerCase() !== 'kerberos').toSorted();
  if (strange.length > 0) {
    const title = `Whether SMB authentication method ‹${strange.join(', ')}› needs an identity is not known here`;
    return verdict('unknown', severity, title, told);
  }
  return verdict('pass', severity, 'Shared key is closed, and SMB takes Kerberos alone', told);
}

/** What a list that is not set allows (domain facts 1.5). */
const allMethods = ['Kerberos', 'NTLMv2'] as const;
