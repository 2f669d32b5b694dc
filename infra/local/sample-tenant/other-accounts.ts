import type { AccountPlan } from './account-plan.ts';
import type { SubscriptionKey } from './subscriptions.ts';

const subscriptions: readonly SubscriptionKey[] = ['workplace', 'finance', 'engineering', 'retail'];

/** What every subscription has beside its Entra Kerberos shares: one account of each kind and of each other source. */
const perSubscription: readonly Omit<AccountPlan, 'subscription'>[] = [
  { name: 'diag', kind: 'StorageV2', sku: 'Standard_LRS', source: 'absent' },
  { name: 'backup', kind: 'StorageV2', sku: 'Standard_GRS', source: 'null' },
  { name: 'func', kind: 'StorageV2', sku: 'Standard_LRS', source: 'None' },
  { name: 'cool', kind: 'BlobStorage', sku: 'Standard_RAGRS', source: 'absent' },
  { name: 'blocks', kind: 'BlockBlobStorage', sku: 'Premium_LRS', source: 'absent' },
  { name: 'classic', kind: 'Storage', sku: 'Standard_LRS', source: 'absent' },
  { name: 'adshares', kind: 'StorageV2', sku: 'Standard_ZRS', source: 'AD', residue: 'ad-properties' },
  { name: 'domainsvc', kind: 'FileStorage', sku: 'Premium_ZRS', source: 'AADDS' },
  { name: 'nfs', kind: 'FileStorage', sku: 'PremiumV2_LRS', source: 'absent' },
];

const prefixes: Readonly<Record<SubscriptionKey, string>> = {
  workplace: 'ctswork',
  finance: 'ctsfin',
  engineering: 'ctseng',
  retail: 'ctsretail',
  legal: 'ctslegal',
};

/** Accounts without Microsoft Entra Kerberos. */
export const otherAccounts: readonly AccountPlan[] = [
  ...subscriptions.flatMap((subscription) =>
    perSubscription.map((plan) => ({ ...plan, subscription, name: `${prefixes[subscription]}${plan.name}` })),
  ),
  // Tagged with the source they should have: settings that say so see them fail.
  tagged('ctsfinlate', 'finance', 'AD'),
  tagged('ctsenglate', 'engineering', 'AADDS'),
  { name: 'ctsengfuture', subscription: 'engineering', kind: 'FileStorage', sku: 'Premium_LRS', source: 'AADNEXT' },
  { name: 'ctslegaldiag', subscription: 'legal', kind: 'StorageV2', sku: 'Standard_LRS', source: 'absent' },
  {
    name: 'ctslegalshares',
    subscription: 'legal',
    kind: 'StorageV2',
    sku: 'Standard_LRS',
    source: 'AD',
    residue: 'ad-properties',
  },
];

function tagged(name: string, subscription: SubscriptionKey, source: string): AccountPlan {
  const residue = source === 'AD' ? 'ad-properties' : 'none';
  return {
    name,
    subscription,
    kind: 'StorageV2',
    sku: 'Standard_LRS',
    source,
    residue,
    tags: { 'expected-identity': 'AADKERB' },
  };
}
