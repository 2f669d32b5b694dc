import { guidFor } from './names.ts';

export type SubscriptionKey = 'workplace' | 'finance' | 'engineering' | 'retail' | 'legal';

export interface SampleSubscription {
  readonly key: SubscriptionKey;
  readonly id: string;
  readonly name: string;
  readonly readable: boolean;
  readonly managementGroup: string;
  readonly resourceGroup: string;
  readonly location: string;
}

export const managementGroups = [
  { name: 'contoso', displayName: 'Contoso', parent: null },
  { name: 'contoso-landingzones', displayName: 'Landing zones', parent: 'contoso' },
  { name: 'contoso-corp', displayName: 'Corp', parent: 'contoso-landingzones' },
  { name: 'contoso-restricted', displayName: 'Restricted', parent: 'contoso' },
] as const;

export const sampleSubscriptions: readonly SampleSubscription[] = [
  subscription('workplace', 'Contoso Workplace', 'contoso-corp', 'rg-AVD-Profiles', 'westeurope'),
  subscription('finance', 'Contoso Finance', 'contoso-corp', 'RG-Finance-Prod', 'westeurope'),
  subscription('engineering', 'Contoso Engineering', 'contoso-landingzones', 'rg-eng-Shares', 'northeurope'),
  subscription('retail', 'Contoso Retail', 'contoso-landingzones', 'Rg-Retail-Stores', 'uksouth'),
  // Its accounts exist, but the auditor has no role on it.
  { ...subscription('legal', 'Contoso Legal', 'contoso-restricted', 'rg-Legal-Hold', 'westeurope'), readable: false },
];

function subscription(
  key: SubscriptionKey,
  name: string,
  managementGroup: string,
  resourceGroup: string,
  location: string,
): SampleSubscription {
  return { key, id: guidFor(`subscription/${key}`), name, readable: true, managementGroup, resourceGroup, location };
}

export function subscriptionByKey(key: SubscriptionKey): SampleSubscription {
  const found = sampleSubscriptions.find((candidate) => candidate.key === key);
  if (found === undefined) throw new RangeError(`There is no sample subscription '${key}'.`);
  return found;
}
