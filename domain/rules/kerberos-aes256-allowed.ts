import type { Verdict } from '../model/verdict.ts';
import { aboutKerberosAccount } from './kerberos-account.ts';
import type { Resources } from './resources.ts';
import type { AccountRule } from './rule.ts';
import { verdict } from './verdicts.ts';

/** Tickets of Entra Kerberos are always AES-256 (domain facts 1.5): SMB settings must let Kerberos and AES-256 in. */
export const kerberosAes256Allowed: AccountRule = {
  about: 'account',
  id: 'kerberos-aes256-allowed',
  statement: "The file service's SMB settings allow Kerberos and AES-256 tickets",
  why: 'Entra encrypts every storage ticket with AES-256. A file service that refuses Kerberos, or AES-256, refuses them all.',
  severity: 'critical',
  needs: ['storage-accounts', 'file-services'],
  helpedBy: [],
  symptom: 'System error 1326, or a prompt for credentials, although a ticket was issued',
  remediation: {
    summary: 'Allow Kerberos and AES-256 in the SMB settings of the file service',
    action: 'allow-aes256-kerberos',
  },
  thresholds: {},
  evaluate: ({ account, resources }) =>
    aboutKerberosAccount(kerberosAes256Allowed, account, () => judge(resources.fileServiceOf(account))),
};

function judge({ service, gaps }: ReturnType<Resources['fileServiceOf']>): Verdict {
  const { severity } = kerberosAes256Allowed;
  if (service === null) {
    return verdict('unknown', severity, 'The SMB settings of the file service were not read', { gaps });
  }
  const evidence = {
    authenticationMethods: service.authenticationMethods?.toSorted() ?? null,
    kerberosTicketEncryption: service.kerberosTicketEncryption?.toSorted() ?? null,
    readFrom: 'file-services',
  };
  const refused = [
    ...(lacks(service.authenticationMethods, 'Kerberos') ? ['Kerberos'] : []),
    ...(lacks(service.kerberosTicketEncryption, 'AES-256') ? ['AES-256 tickets'] : []),
  ];
  if (refused.length > 0) {
    const title = `SMB settings do not allow ${refused.join(' and ')}: every mount with Entra Kerberos fails`;
    return verdict('fail', severity, title, { evidence });
  }
  return verdict('pass', severity, 'SMB settings allow Kerberos and AES-256 tickets', { evidence });
}

/** A list that is not set allows everything; words beside the one that is needed do no harm. */
function lacks(words: readonly string[] | null, needed: string): boolean {
  return words !== null && !words.some((word) => word.toLowerCase() === needed.toLowerCase());
}
