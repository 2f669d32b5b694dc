export interface ResourceIdParts {
  readonly subscriptionId: string;
  /** Null for what sits directly under a subscription. */
  readonly resourceGroup: string | null;
}

const pattern = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i;

/** Subscription and resource group of an ARM id, spelled as in the id; undefined for ids outside subscriptions. */
export function partsOfResourceId(id: string): ResourceIdParts | undefined {
  const match = pattern.exec(id);
  if (match?.[1] === undefined) return undefined;
  return { subscriptionId: match[1], resourceGroup: match[2] ?? null };
}
