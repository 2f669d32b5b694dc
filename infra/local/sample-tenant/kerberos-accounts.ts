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

/**
 * Every account that uses, or used, Microsoft Entra Kerberos. Those under the name of a rule break that rule, and no other
 * that they could keep; the first ones are in order. Nothing at all may be said of `contosoprofiles`, the one of the story:
 * it has no private endpoint, since the names for it would be lost when the story switches the account off and on.
 */
export const kerberosAccounts: readonly AccountPlan[] = [
  kerberos('contosoprofiles', 'workplace', {
    tags: { service: 'avd' },
    ...smb({ authenticationMethods: 'Kerberos;', kerberosTicketEncryption: 'AES-256;' }),
  }),
  kerberos('contosoprofiles02', 'workplace', {
    ...provisioned,
    tags: { service: 'avd' },
    privateEndpoints: ['file'],
    privateLinkNames: true,
  }),
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
  kerberos('finledger', 'finance', {
    ...standard,
    smbOAuth: false,
    defaultSharePermission: 'None',
    shareRole: 'at-a-share',
  }),
  kerberos('finarchive', 'finance', { kind: 'Storage', sku: 'Standard_GRS' }),
  kerberos('engbuilds', 'engineering', { sku: 'StandardV2_ZRS' }),
  kerberos('engcad', 'engineering'),
  kerberos('retailpos', 'retail', {
    ...standard,
    defaultSharePermission: 'None',
    shareRole: 'custom-at-the-group',
  }),

  // single-ad-source
  kerberos('finmigrated', 'finance', { residue: 'ad-properties' }),
  kerberos('engmigrated', 'engineering', { ...standard, residue: 'ad-properties' }),
  kerberos('engbatch', 'engineering', { smbOAuth: true }),
  kerberos('retailswitchback', 'retail', { source: 'AD', residue: 'ad-properties' }),
  kerberos('retailswitchedoff', 'retail', { source: 'None', residue: 'none' }),

  // mfa-excluded
  kerberos('finreports', 'finance', { access: 'not-excluded' }),
  kerberos('engscratch', 'engineering', { ...standard, access: 'not-excluded' }),
  // mfa-exclusion-not-orphaned too, which tells of the tenant: the exclusions name an appId that is gone
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

  // storage-app-unambiguous: one app, with an owner who could add a credential
  kerberos('retailowned', 'retail', { owned: true }),

  // app-assignment-not-required
  kerberos('engassigned', 'engineering', { assignmentRequired: true }),

  // spn-set-complete: names missing, and all there in lower case
  kerberos('engincomplete', 'engineering', { missingService: 'HOST' }),
  kerberos('retaillowercase', 'retail', { lowerCaseNames: true }),

  // private-link-spn
  kerberos('finprivate', 'finance', { privateEndpoints: ['file', 'blob'], privateLinkNames: false }),

  // conditional-access-not-blocking
  kerberos('retailoldstores', 'retail', { access: 'blocked' }),

  // kerberos-aes256-allowed: not that encryption, and no Kerberos at all
  kerberos('engrc4', 'engineering', smb({ kerberosTicketEncryption: 'RC4-HMAC;', authenticationMethods: 'Kerberos;' })),
  kerberos('retailntlm', 'retail', smb({ authenticationMethods: 'NTLMv2;' })),

  // account-supports-smb
  kerberos('engblobs', 'engineering', { kind: 'BlobStorage', sku: 'Standard_RAGRS', residue: 'none', app: 'missing' }),

  // share-permission-assigned
  kerberos('contosonoshares', 'workplace', { defaultSharePermission: 'None', shareRole: 'none' }),

  // default-share-permission-not-elevated
  kerberos('finelevated', 'finance', { defaultSharePermission: 'StorageFileDataSmbShareElevatedContributor' }),

  // domain-properties-paired
  kerberos('contosounpaired', 'workplace', { residue: 'domain-name-only' }),

  // consent-minimal
  kerberos('retailplanogram', 'retail', { ...provisioned, consent: 'more-than-needed' }),

  // storage-app-not-orphaned, which tells of the tenant
  kerberos('finretired', 'finance', { deleted: true }),

  // in the subscription that cannot be read
  kerberos('legalcases', 'legal'),
  kerberos('legalevidence', 'legal', { consent: 'none', access: 'not-excluded' }),
];
