import type { AccountPlan } from './account-plan.ts';
import type { SubscriptionKey } from './subscriptions.ts';

/** A FileStorage account on Microsoft Entra Kerberos with everything in order, and what the given plan makes wrong. */
function kerberos(name: string, subscription: SubscriptionKey, wrong: Partial<AccountPlan> = {}): AccountPlan {
  return {
    name,
    subscription,
    kind: 'FileStorage',
    sku: 'Premium_LRS',
    source: 'AADKERB',
    residue: 'domain-pair',
    app: 'managed',
    access: 'excluded',
    consent: 'granted',
    passwords: [{ endsIn: 290, startedAgo: 75 }],
    ...wrong,
  };
}

const standard = { kind: 'StorageV2', sku: 'Standard_LRS' } as const;
const provisioned = { sku: 'PremiumV2_ZRS' } as const;
const smb = (settings: Record<string, string>): { protocolSettings: unknown } => ({
  protocolSettings: { smb: settings },
});

/** Every account that uses, or used, Microsoft Entra Kerberos; `contosoprofiles` is the healthy one of the story. */
export const kerberosAccounts: readonly AccountPlan[] = [
  kerberos('contosoprofiles', 'workplace', {
    privateEndpoints: ['file'],
    privateLinkNames: true,
    tags: { service: 'avd' },
  }),
  kerberos('contosoprofiles02', 'workplace', { ...provisioned, tags: { service: 'avd' } }),
  kerberos('contosoprofiles03', 'workplace', { privateEndpoints: ['blob'], consent: 'granted-in-odd-case' }),
  kerberos('contosoappattach', 'workplace', { ...standard, residue: 'none', cloudGroupTag: true }),
  kerberos(
    'contosohomedrives',
    'workplace',
    smb({ versions: 'SMB3.0;SMB3.1.1;', kerberosTicketEncryption: 'AES-256;' }),
  ),
  kerberos('contosozoned', 'workplace', { zoneHost: true }),
  kerberos('finclosing', 'finance', {
    passwords: [
      { endsIn: 3, startedAgo: 362 },
      { endsIn: 300, startedAgo: 10 },
    ],
  }),
  kerberos('finledger', 'finance', { ...standard, smbOAuth: false }),
  kerberos('finarchive', 'finance', { kind: 'Storage', sku: 'Standard_GRS' }),
  kerberos('engbuilds', 'engineering', { sku: 'StandardV2_ZRS' }),
  kerberos('engcad', 'engineering'),
  kerberos('retailpos', 'retail', standard),
  kerberos('retailplanogram', 'retail', { ...provisioned, consent: 'more-than-needed' }),

  // single-ad-source
  kerberos('finmigrated', 'finance', { residue: 'ad-properties' }),
  kerberos('engmigrated', 'engineering', { ...standard, residue: 'ad-properties' }),
  kerberos('engbatch', 'engineering', { smbOAuth: true }),
  kerberos('retailswitchback', 'retail', { source: 'AD', residue: 'ad-properties' }),
  kerberos('retailswitchedoff', 'retail', { source: 'None', residue: 'none' }),

  // mfa-excluded
  kerberos('finreports', 'finance', { access: 'not-excluded' }),
  kerberos('engscratch', 'engineering', { ...standard, access: 'not-excluded' }),
  kerberos('contosoredirect', 'workplace', { access: 'dangling' }),
  kerberos('retailreports', 'retail', { access: 'report-only' }),
  kerberos('finpayroll', 'finance', { access: 'explicit-for-groups' }),
  kerberos('fintreasury', 'finance', { access: 'authentication-strength' }),
  kerberos('englabs', 'engineering', { access: 'mfa-or-compliant-device' }),
  kerberos('engpartners', 'engineering', { access: 'guests' }),
  kerberos('retailtravel', 'retail', { access: 'untrusted-location' }),
  kerberos('retailpilot', 'retail', { access: 'unknown-control' }),

  // consent-granted
  kerberos('finaudit', 'finance', { consent: 'none' }),
  kerberos('engdesign', 'engineering', { ...standard, consent: 'user-read-missing' }),
  kerberos('contosotraining', 'workplace', { consent: 'one-user-only' }),
  kerberos('retailmedia', 'retail', { consent: 'on-another-resource' }),

  // sp-password-expiry
  kerberos('finexpired', 'finance', { passwords: [{ endsIn: -12, startedAgo: 377 }] }),
  kerberos('engthisweek', 'engineering', { passwords: [{ endsIn: 5, startedAgo: 360 }] }),
  kerberos('retailthismonth', 'retail', { passwords: [{ endsIn: 20, startedAgo: 345 }] }),
  kerberos('contosospring', 'workplace', { passwords: [{ endsIn: 45, startedAgo: 320 }] }),
  kerberos('contososummer', 'workplace', { passwords: [{ endsIn: 120, startedAgo: 245 }] }),
  kerberos('finnopassword', 'finance', { noPasswords: 'none-anywhere' }),
  kerberos('fingapped', 'finance', {
    passwords: [
      { endsIn: 10, startedAgo: 355 },
      { endsIn: 200, startedAgo: -15 },
    ],
  }),
  kerberos('engnoend', 'engineering', { passwords: [{ endsIn: null, startedAgo: 100 }] }),
  kerberos('legacyprofiles', 'workplace', { app: 'legacy', passwords: [{ endsIn: 100, startedAgo: 80 }] }),
  kerberos('legacyhome', 'workplace', { app: 'legacy', passwords: [{ endsIn: 250, startedAgo: 115 }] }),
  kerberos('legacyexpired', 'finance', { ...standard, app: 'legacy', passwords: [{ endsIn: -400, startedAgo: 580 }] }),
  kerberos('legacyempty', 'retail', { app: 'legacy', noPasswords: 'on-the-principal' }),

  // storage-app-present, storage-app-unambiguous
  kerberos('engnoapp', 'engineering', { app: 'missing' }),
  kerberos('retailhalfapp', 'retail', { app: 'without-principal' }),
  kerberos('findisabled', 'finance', { app: 'disabled-principal' }),
  kerberos('contosotwins', 'workplace', { app: 'two-claim-the-host' }),

  // the companions
  kerberos('engassigned', 'engineering', { assignmentRequired: true }),
  kerberos('finprivate', 'finance', { privateEndpoints: ['file', 'blob'], privateLinkNames: false }),
  kerberos('retaillowercase', 'retail', { lowerCaseNames: true }),
  kerberos('engrc4', 'engineering', smb({ kerberosTicketEncryption: 'RC4-HMAC;', authenticationMethods: 'Kerberos;' })),
  kerberos('retailntlm', 'retail', smb({ authenticationMethods: 'NTLMv2;' })),
  kerberos('contosonoshares', 'workplace', { defaultSharePermission: 'None' }),
  kerberos('finelevated', 'finance', { defaultSharePermission: 'StorageFileDataSmbShareElevatedContributor' }),

  // in the subscription that cannot be read
  kerberos('legalcases', 'legal'),
  kerberos('legalevidence', 'legal', { consent: 'none', access: 'not-excluded' }),
];
