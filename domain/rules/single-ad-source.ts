import { matchesAccount } from '../model/account-match.ts';
import { holdsSmbShares, type ActiveDirectoryProperties, type StorageAccount } from '../model/storage-account.ts';
import type { Verdict } from '../model/verdict.ts';
import { appEvidence } from './app-rule.ts';
import { foreignTenantGaps } from './foreign-tenant.ts';
import { identitySource } from './identity-source.ts';
import type { AccountRule, RuleContext } from './rule.ts';
import { findStorageApp } from './storage-app.ts';
import { verdict } from './verdicts.ts';

/** What only AD DS leaves on an account; Entra Kerberos has domainName and domainGuid at most (domain facts 1.1, 1.2). */
const adDsProperties = [
  'accountType',
  'azureStorageSid',
  'domainSid',
  'forestName',
  'netBiosDomainName',
  'samAccountName',
] as const satisfies readonly (keyof ActiveDirectoryProperties)[];

/** `directoryServiceOptions` holds one value, so a second identity source shows as what it left behind. */
export const singleAdSource: AccountRule = {
  about: 'account',
  id: 'single-ad-source',
  statement: 'The account has one identity source, the expected one, and nothing is left of another',
  why: 'Remnants of another source mislead tools and a switch back; an app left alive keeps its consent and its names.',
  severity: 'medium',
  needs: ['storage-accounts', 'applications', 'service-principals'],
  helpedBy: [],
  symptom: null,
  remediation: { summary: 'Remove what the former identity source left, or set the expected one', action: null },
  thresholds: {},
  evaluate: (context) => judgeExpectation(context) ?? judgeSource(context),
};

function judgeExpectation({ account, settings }: RuleContext): Verdict | null {
  const expected = settings.expectedSource.find((entry) => matchesAccount(entry.match, account));
  if (expected === undefined || expected.source.toLowerCase() === account.directoryService.toLowerCase()) return null;
  return verdict('fail', 'high', `Identity source is ${account.directoryService}; settings expect ${expected.source}`, {
    evidence: { directoryServiceOptions: account.directoryService, expectedSource: expected.source },
  });
}

function judgeSource(context: RuleContext): Verdict {
  const { account } = context;
  const { severity } = singleAdSource;
  const evidence = { directoryServiceOptions: account.directoryService };
  if (holdsSmbShares(account.kind) === 'no') {
    return verdict('not-applicable', severity, `Accounts of kind ${account.kind} hold no SMB shares`);
  }
  const source = identitySource(account.directoryService);
  if (source === 'AADKERB') return judgeResidue(account);
  if (source === null) {
    return verdict('unknown', severity, `Identity source ${account.directoryService} is not known here`, { evidence });
  }
  return judgeLiveApp(context, source);
}

function judgeResidue(account: StorageAccount): Verdict {
  const { severity } = singleAdSource;
  const residue = adDsProperties.filter((name) => (account.activeDirectory?.[name] ?? null) !== null);
  const evidence = {
    directoryServiceOptions: account.directoryService,
    residue,
    smbOAuthEnabled: account.smbOAuthEnabled,
  };
  if (residue.length > 0) {
    return verdict('warn', severity, `Uses Entra Kerberos and still carries AD DS properties: ${residue.join(', ')}`, {
      evidence,
    });
  }
  if (account.smbOAuthEnabled) {
    return verdict('warn', severity, 'Uses Entra Kerberos and has SMB OAuth for managed identities on as well', {
      evidence,
    });
  }
  return verdict('pass', severity, 'Uses Entra Kerberos, and nothing is left of another identity source', { evidence });
}

function judgeLiveApp({ account, directory }: RuleContext, source: 'AD' | 'AADDS' | 'None'): Verdict {
  const { severity, needs } = singleAdSource;
  const evidence = { directoryServiceOptions: account.directoryService };
  const clean =
    source === 'None'
      ? verdict('not-applicable', severity, 'Has no identity source, and no storage app')
      : verdict('pass', severity, `Uses ${source}, and has no storage app`, { evidence });
  const foreign = foreignTenantGaps(account, directory, needs);
  if (foreign.length > 0) {
    return verdict('unknown', severity, 'Belongs to another tenant than the directory that was read', {
      evidence,
      gaps: foreign,
    });
  }
  const search = findStorageApp(account, directory);
  switch (search.state) {
    case 'found':
      return verdict('warn', severity, `Identity source is ${source}, and its storage app is still alive in Entra`, {
        evidence: {
          ...evidence,
          foundBy: search.tier,
          confidence: search.confidence,
          apps: search.candidates.map(appEvidence),
        },
        deciders: search.candidates.map((app) => app.appId),
      });
    case 'unknown':
      return verdict('unknown', severity, 'No storage app seen, in lists that were not read whole', {
        evidence,
        gaps: search.gaps,
      });
    case 'no-host':
      if (source === 'None') return clean; // no file endpoint and no source: nothing to mount
      return verdict('unknown', severity, 'Shows no file endpoint, so a storage app cannot be looked up', { evidence });
    case 'absent':
      return clean;
  }
}
